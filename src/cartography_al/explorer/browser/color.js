// Shows the points and the legend of one way to color the map. column: the one that they stand for.
points.visible = cb_obj.value === column
legend.visible = cb_obj.value === column

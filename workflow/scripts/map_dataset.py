"""Train for a few epochs and write the data map of the texts trained on, with what the model then predicts."""

import numpy as np
from device_glue import training_device
from glue import job
from training_glue import classifier_settings, labelled_features

from cartography_al.active_learning.main_classifier import data_map, train_main_classifier
from cartography_al.active_learning.seed_set import seed_set_ids
from cartography_al.files import write_frame
from cartography_al.learning.training import predict
from cartography_al.protocol import Protocol

with job(snakemake):
    data, parameters = labelled_features(snakemake.wildcards.dataset, snakemake.input), snakemake.params
    seed = int(snakemake.wildcards.seed)
    protocol = Protocol(**parameters.training["protocol"])
    if snakemake.wildcards.part == "full":
        instance_ids = np.arange(len(data.train_labels))
    else:
        instance_ids = seed_set_ids(
            data.train_labels,
            data.train_features,
            parameters.seed_set_size,
            seed,
            protocol,
            parameters.seed_set,
        )
    trained = train_main_classifier(
        data,
        instance_ids,
        seed,
        0,
        classifier_settings(parameters.training["main_settings"]),
        protocol,
        training_device(snakemake.config["device"]),
    )
    probabilities, _ = predict(trained.model, data.train_features[instance_ids])
    frame = data_map(data, instance_ids, trained.record)
    write_frame(snakemake.output[0], frame.assign(prediction=probabilities.argmax(axis=1).astype(np.int16)))

"""Plot what each switch of the protocol moves."""

from case_glue import cases
from glue import job

from cartography_al.figures.audit import AuditPanel, plot_audit
from cartography_al.figures.style import save_figure

with job(snakemake):
    panels = [AuditPanel(case.subject.heading, case.frame("audit")) for case in cases(snakemake)]
    save_figure(plot_audit(panels), snakemake.output.pdf, snakemake.output.png)

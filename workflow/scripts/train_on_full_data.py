"""Train on every training text, the ceiling of the learning curves."""

import json

import numpy as np
from device_glue import training_device
from glue import job
from training_glue import classifier_settings, labelled_features

from cartography_al.active_learning.main_classifier import predict_test, train_main_classifier
from cartography_al.files import write_text
from cartography_al.learning.metrics import accuracy, confusion_matrix, macro_f1
from cartography_al.protocol import Protocol

with job(snakemake):
    data = labelled_features(snakemake.wildcards.dataset, snakemake.input)
    seed, training = int(snakemake.wildcards.seed), snakemake.params.training
    protocol, settings = Protocol(**training["protocol"]), classifier_settings(training["main_settings"])
    instance_ids = np.arange(len(data.train_labels))
    device = training_device(snakemake.config["device"])
    trained = train_main_classifier(data, instance_ids, seed, 0, settings, protocol, device, watch=False)
    predictions = predict_test(data, trained.model, seed, 0, protocol)
    confusion = confusion_matrix(data.test_labels, predictions, len(data.classes))
    result = {
        "seed": seed,
        "labelled": len(instance_ids),
        "test_accuracy": accuracy(confusion),
        "macro_f1": macro_f1(confusion),
        "test_rows": len(data.test_labels),
        "largest_class": float(np.bincount(data.test_labels).max() / len(data.test_labels)),
    }
    write_text(snakemake.output[0], json.dumps(result, indent=2) + "\n")

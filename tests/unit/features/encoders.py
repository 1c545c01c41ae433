"""A tiny sentence encoder of random weights, built with the library that reads it, and the real one where it is."""

from pathlib import Path

import pytest

from cartography_al.features.encoder import Encoder, load_encoder
from cartography_al.features.encoder_files import check_encoder

REAL = Path(__file__).resolve().parents[4] / "shared/models/all-MiniLM-L6-v2"
real_encoder = pytest.mark.skipif(not REAL.is_dir(), reason="all-MiniLM-L6-v2 is not here")
WORDS = ("ant", "bee", "cat", "dog", "emu", "fox", "gnu", "hen", "the", "a", "ran", "sat", "on", "of", "##s", "##t")
LONGEST = 12  # word pieces that the tiny encoder reads


def build_tiny_encoder(folder: Path) -> Path:
    """Save a random BERT of two layers with mean pooling: 16 dimensions, weights as safetensors."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from transformers import BertConfig, BertModel, BertTokenizer

    bert = folder.with_name(folder.name + "_bert")
    bert.mkdir(parents=True)
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *WORDS]
    (bert / "vocab.txt").write_text("\n".join(vocabulary) + "\n", encoding="utf-8")
    BertTokenizer(str(bert / "vocab.txt")).save_pretrained(bert)
    torch.manual_seed(0)
    BertModel(
        BertConfig(
            vocab_size=len(vocabulary),
            hidden_size=16,
            num_hidden_layers=2,
            num_attention_heads=2,
            intermediate_size=32,
            max_position_embeddings=64,
        )
    ).save_pretrained(bert)
    transformer = Transformer(str(bert), max_seq_length=LONGEST)
    pooling = Pooling(transformer.get_embedding_dimension())
    SentenceTransformer(modules=[transformer, pooling], device="cpu").save(str(folder), create_model_card=False)
    return folder


def loaded(folder: Path) -> Encoder:
    """The encoder in a folder, checked and loaded."""
    return load_encoder(check_encoder(folder, "test/tiny", "0"))

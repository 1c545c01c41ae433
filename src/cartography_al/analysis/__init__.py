"""What the runs say: frames in, frames out. Nothing is tested for significance, drawn or formatted here."""

"""What a person does on a canvas, as values: documents, the maths of editing, pictures that carry them. No Qt."""

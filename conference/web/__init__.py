"""What people meet: pages, forms, regions, sentences. Thin; the rules are elsewhere."""

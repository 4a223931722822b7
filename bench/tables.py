"""Tables in Markdown, printed as they come about."""


def heading(text, columns):
    print(f"\n{text}\n\n| " + " | ".join(columns) + " |\n|" + "---|" * len(columns))


def row(*cells):
    print("| " + " | ".join(str(cell) for cell in cells) + " |", flush=True)

package dev.perennial.lora.jinja;

/**
 * What one rendering may cost: a template is untrusted and may neither run on nor fill the heap. All that it does is
 * counted before it is done, in characters that are read or written.
 */
final class Budget {
    private static final int MAX_STEPS = 1_000_000;
    private static final int MAX_CHARACTERS = 1 << 26;

    /** What an object weighs beside a character. */
    private static final int OBJECT = 16;

    /** A search that looks at every character so often is still fast. */
    private static final int SHORT = 64;

    private int steps;
    private long characters;

    void step() {
        if (++steps > MAX_STEPS) {
            throw new TemplateException("the template takes more than " + MAX_STEPS + " steps");
        }
    }

    void characters(long count) {
        characters += count;
        if (count > MAX_CHARACTERS || characters > MAX_CHARACTERS) {
            throw new TemplateException("the template reads and writes more than " + MAX_CHARACTERS + " characters");
        }
    }

    void objects(long count) {
        characters(OBJECT * count);
    }

    /** At its worst a search compares the whole of what it looks for at every place. */
    void search(String text, String wanted) {
        characters(text.length() * (1L + wanted.length() / SHORT));
    }
}

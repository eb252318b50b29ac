package dev.perennial.lora.jinja;

/**
 * @param text of a string its value, of the rest what the template says
 * @param line counted from 1
 */
record Token(Kind kind, String text, int line) {
    enum Kind {
        TEXT,
        VARIABLE_BEGIN,
        VARIABLE_END,
        BLOCK_BEGIN,
        BLOCK_END,
        NAME,
        STRING,
        INTEGER,
        OPERATOR,
        END
    }

    boolean is(Kind expected, String expectedText) {
        return kind == expected && text.equals(expectedText);
    }
}

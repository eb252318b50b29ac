package dev.perennial.lora.chat;

import dev.perennial.lora.jinja.TemplateException;
import java.time.Clock;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Python's strftime in the C locale, as far as its letters have an equal in Java. */
final class DateFormat {
    private static final int MAX_LENGTH = 1_000;

    private DateFormat() {}

    static String format(String format, Clock clock) {
        if (format.length() > MAX_LENGTH) {
            throw new TemplateException("the template writes the date in more than " + MAX_LENGTH + " characters");
        }
        LocalDateTime now = LocalDateTime.now(clock);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < format.length(); i++) {
            char c = format.charAt(i);
            if (c != '%') {
                text.append(c);
            } else if (++i < format.length() && format.charAt(i) == '%') {
                text.append('%');
            } else {
                char letter = i < format.length() ? format.charAt(i) : ' ';
                text.append(DateTimeFormatter.ofPattern(pattern(letter), Locale.ENGLISH)
                        .format(now));
            }
        }
        return text.toString();
    }

    private static String pattern(char letter) {
        return switch (letter) {
            case 'd' -> "dd";
            case 'm' -> "MM";
            case 'Y' -> "uuuu";
            case 'y' -> "uu";
            case 'H' -> "HH";
            case 'M' -> "mm";
            case 'S' -> "ss";
            case 'b' -> "MMM";
            case 'B' -> "MMMM";
            case 'a' -> "EEE";
            case 'A' -> "EEEE";
            default ->
                throw new TemplateException(
                        "the template writes the date with %" + letter + ", which is not supported");
        };
    }
}

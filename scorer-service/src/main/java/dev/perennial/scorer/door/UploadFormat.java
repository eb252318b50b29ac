package dev.perennial.scorer.door;

import dev.perennial.common.problem.ProblemException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The forms in which samples come. */
enum UploadFormat {
    /** {@code {"text": ..., "label": ...}}, one a line; blank lines do not count. */
    JSON_LINES {
        @Override
        List<UploadedRow> rows(String body) {
            return JsonLines.read(body);
        }
    },
    /** RFC 4180 with a header that names {@code text} and {@code label}. */
    CSV {
        @Override
        List<UploadedRow> rows(String body) {
            return CsvRows.read(body);
        }
    };

    abstract List<UploadedRow> rows(String body);

    /**
     * Reads an upload, with or without a byte order mark.
     *
     * @throws ProblemException when the body as a whole is not of this form
     */
    List<UploadedRow> read(byte[] body) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body))
                    .toString();
            return rows(text.startsWith("\uFEFF") ? text.substring(1) : text);
        } catch (CharacterCodingException e) {
            throw ProblemException.badRequest(
                    "not-utf-8", "The body is not UTF-8 text; convert the file to UTF-8 and send it again.");
        }
    }
}

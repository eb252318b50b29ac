package dev.perennial.generator.template;

/**
 * A prompt ready to be sent.
 *
 * @param system the system message; may be empty
 * @param user the user message
 */
public record Prompt(String system, String user) {

    /** A guess of its tokens before anybody has counted them: four characters of English a token. */
    public long estimatedTokens() {
        return (system.length() + user.length()) / 4 + 8L;
    }
}

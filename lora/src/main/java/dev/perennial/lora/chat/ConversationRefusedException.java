package dev.perennial.lora.chat;

/** The model's template does not accept this sequence of messages; the message is the template's own. */
public final class ConversationRefusedException extends IllegalArgumentException {
    public ConversationRefusedException(String message) {
        super(message);
    }
}

package dev.perennial.lora.chat;

/**
 * A part of a text in UTF-16 units.
 *
 * @param end exclusive
 */
public record TextSpan(int start, int end) {}

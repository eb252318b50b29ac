package dev.perennial.lora.fuzz;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;

/** Changes a file at random, on the level of its bytes or of its format. */
final class Mutation {
    private final Random random;
    private final JsonMutation json;

    Mutation(long seed) {
        this.random = new Random(seed);
        this.json = new JsonMutation(random);
    }

    Random random() {
        return random;
    }

    byte[] ofJson(byte[] file) {
        return random.nextInt(3) == 0 ? ofBytes(file) : json.apply(file);
    }

    byte[] ofTemplate(byte[] file) {
        return random.nextInt(4) == 0
                ? ofBytes(file)
                : new TemplateMutation(random)
                        .apply(new String(file, StandardCharsets.UTF_8))
                        .getBytes(StandardCharsets.UTF_8);
    }

    byte[] ofSafetensors(byte[] file) {
        return switch (random.nextInt(5)) {
            case 0 -> ofBytes(file);
            case 1 -> ofHeaderBytes(file);
            case 2 -> withLength(file);
            default -> ofHeader(file);
        };
    }

    private byte[] ofBytes(byte[] file) {
        byte[] bytes = random.nextInt(4) == 0 ? Arrays.copyOf(file, random.nextInt(2 * file.length)) : file.clone();
        for (int flips = random.nextInt(4); flips >= 0 && bytes.length > 0; flips--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        return bytes;
    }

    private byte[] ofHeaderBytes(byte[] file) {
        byte[] bytes = file.clone();
        for (int flips = random.nextInt(3); flips >= 0; flips--) {
            bytes[8 + random.nextInt(headerBytes(file))] = (byte) (32 + random.nextInt(96));
        }
        return bytes;
    }

    private byte[] withLength(byte[] file) {
        byte[] bytes = file.clone();
        long length = random.nextBoolean() ? random.nextLong() >>> random.nextInt(64) : random.nextInt(2 * file.length);
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(length);
        return bytes;
    }

    private byte[] ofHeader(byte[] file) {
        int end = 8 + headerBytes(file);
        byte[] header = json.apply(Arrays.copyOfRange(file, 8, end));
        return ByteBuffer.allocate(8 + header.length + file.length - end)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(header.length)
                .put(header)
                .put(file, end, file.length - end)
                .array();
    }

    private static int headerBytes(byte[] file) {
        return (int) ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong();
    }
}

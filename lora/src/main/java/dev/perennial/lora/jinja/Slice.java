package dev.perennial.lora.jinja;

import java.util.List;
import java.util.stream.LongStream;

/** Python's {@code value[start:stop:step]}. */
final class Slice {
    private Slice() {}

    static Object of(Object value, Object start, Object stop, Object step, Budget budget) {
        long stride = step == Constant.NONE ? 1 : Values.integer("a slice", step);
        if (stride == 0 || !(value instanceof List<?> || value instanceof String)) {
            throw new TemplateException("a " + Values.kind(value) + " cannot be sliced this way");
        }
        if (value instanceof String text) {
            budget.characters(Integer.BYTES * (long) text.length());
            int[] points = text.codePoints().toArray();
            StringBuilder result = new StringBuilder();
            places(start, stop, stride, points.length).forEach(i -> result.appendCodePoint(points[(int) i]));
            return result.toString();
        }
        List<Object> elements = Values.elements("a slice", value, budget);
        return places(start, stop, stride, elements.size())
                .mapToObj(i -> elements.get((int) i))
                .toList();
    }

    private static LongStream places(Object start, Object stop, long stride, long size) {
        long by = Math.clamp(stride, -Integer.MAX_VALUE, Integer.MAX_VALUE);
        long first = bound(start, stride > 0 ? 0 : size - 1, size, stride);
        long last = stop == Constant.NONE ? (stride > 0 ? size : -1) : bound(stop, 0, size, stride);
        return LongStream.iterate(first, i -> stride > 0 ? i < last : i > last, i -> i + by);
    }

    private static long bound(Object given, long absent, long size, long stride) {
        if (given == Constant.NONE) {
            return absent;
        }
        long index = Values.integer("a slice", given);
        long fromStart = index < 0 ? index + size : index;
        return stride > 0 ? Math.clamp(fromStart, 0, size) : Math.clamp(fromStart, -1, size - 1);
    }
}

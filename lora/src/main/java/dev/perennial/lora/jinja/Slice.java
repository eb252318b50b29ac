package dev.perennial.lora.jinja;

import java.util.ArrayList;
import java.util.List;

/** Python's {@code value[start:stop:step]}. */
final class Slice {
    private Slice() {}

    static Object of(Object value, Object start, Object stop, Object step) {
        long stride = step == Constant.NONE ? 1 : Values.integer("a slice", step);
        if (stride == 0 || !(value instanceof List<?> || value instanceof String)) {
            throw new TemplateException("a " + Values.kind(value) + " cannot be sliced this way");
        }
        List<Object> elements = Values.elements("a slice", value);
        long size = elements.size();
        long first = bound(start, stride > 0 ? 0 : size - 1, size, stride);
        long last = stop == Constant.NONE ? (stride > 0 ? size : -1) : bound(stop, 0, size, stride);
        List<Object> result = new ArrayList<>();
        for (long i = first; stride > 0 ? i < last : i > last; i += stride) {
            result.add(elements.get((int) i));
        }
        return value instanceof String ? joined(result) : result;
    }

    private static long bound(Object given, long absent, long size, long stride) {
        if (given == Constant.NONE) {
            return absent;
        }
        long index = Values.integer("a slice", given);
        long fromStart = index < 0 ? index + size : index;
        return stride > 0 ? Math.clamp(fromStart, 0, size) : Math.clamp(fromStart, -1, size - 1);
    }

    private static String joined(List<Object> parts) {
        StringBuilder text = new StringBuilder();
        parts.forEach(text::append);
        return text.toString();
    }
}

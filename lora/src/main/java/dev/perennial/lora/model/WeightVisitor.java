package dev.perennial.lora.model;

import ai.djl.pytorch.engine.PtNDArray;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/** Is shown every array of a model under its Hugging Face name and says what to have in its place. */
@FunctionalInterface
public interface WeightVisitor {
    PtNDArray visit(String name, PtNDArray array);

    /** All arrays that a walk shows, in its order. */
    static Map<String, PtNDArray> collected(Consumer<WeightVisitor> walk) {
        Map<String, PtNDArray> arrays = new LinkedHashMap<>();
        walk.accept((name, array) -> {
            arrays.put(name, array);
            return array;
        });
        return Collections.unmodifiableMap(arrays);
    }

    /**
     * What a walk makes of a model with some arrays replaced.
     *
     * @throws IllegalArgumentException if the walk shows no array of a name, or one of another shape
     */
    static <W> W replaced(Map<String, PtNDArray> replacements, Function<WeightVisitor, W> walk) {
        Set<String> unknown = new HashSet<>(replacements.keySet());
        W result = walk.apply((name, array) -> {
            PtNDArray replacement = replacements.get(name);
            if (replacement == null) {
                return array;
            }
            if (!replacement.getShape().equals(array.getShape())) {
                throw new IllegalArgumentException("weight '%s' is %s, it cannot be replaced by %s"
                        .formatted(
                                name,
                                array.getShape(),
                                Arrays.toString(replacement.getShape().getShape())));
            }
            unknown.remove(name);
            return replacement;
        });
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException("the model has no weight that can be replaced called " + unknown);
        }
        return result;
    }
}

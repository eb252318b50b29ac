package dev.perennial.lora.export;

import dev.perennial.lora.safetensors.ElementType;

/** In which type the weights of a merged model are stored. */
public enum Precision {
    /** All real numbers as 32-bit floats: exactly what was computed. */
    F32 {
        @Override
        ElementType of(ElementType base) {
            return ElementType.F32;
        }
    },

    /** Each weight in the type it has in the base, F16 and BF16 rounded to the nearest, ties to even; F64 becomes F32. */
    AS_BASE {
        @Override
        ElementType of(ElementType base) {
            return base == ElementType.F64 ? ElementType.F32 : base;
        }
    };

    /** From a type of real numbers in the base. */
    abstract ElementType of(ElementType base);
}

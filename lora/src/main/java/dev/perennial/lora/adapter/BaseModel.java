package dev.perennial.lora.adapter;

import org.jspecify.annotations.Nullable;

/**
 * What peft is told an adapter belongs to ({@code base_model_name_or_path} and {@code revision}), and what its
 * {@code AutoPeftModel} opens. Reading an adapter takes no notice of it: the model is the caller's choice.
 *
 * @param name what a hub calls it, {@code owner/name}; the path it was opened by; or any other name
 * @param revision the commit on the hub; null if it is not from one
 */
public record BaseModel(String name, @Nullable String revision) {
    public static BaseModel named(String name) {
        return new BaseModel(name, null);
    }
}

package dev.perennial.generator.provider;

import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The providers of this installation. */
public final class Providers {
    private final Map<String, SampleProvider> byName;
    private final SampleProvider chosen;

    /**
     * All providers.
     *
     * @param outside an outside LLM, where one is configured; then it is the default
     */
    public Providers(SampleProvider offline, @Nullable SampleProvider outside) {
        this.byName = Stream.of(Optional.of(offline), Optional.ofNullable(outside))
                .flatMap(Optional::stream)
                .collect(Collectors.toUnmodifiableMap(SampleProvider::name, Function.identity()));
        this.chosen = outside == null ? offline : outside;
    }

    /** The provider that a model spec names, or empty when this installation has none of that name. */
    public Optional<SampleProvider> find(String name) {
        return name.equals("default") ? Optional.of(chosen) : Optional.ofNullable(byName.get(name));
    }
}

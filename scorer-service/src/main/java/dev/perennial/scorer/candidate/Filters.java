package dev.perennial.scorer.candidate;

import dev.perennial.common.catalog.ModelCatalog.KnownModel;
import dev.perennial.scorer.quality.QualityFilter;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Each model's checks, made once for a version of its spec. */
public final class Filters {
    private final Map<String, Made> byModel = new ConcurrentHashMap<>();

    private record Made(int specVersion, QualityFilter filter) {}

    public QualityFilter of(KnownModel model) {
        Made made = byModel.compute(
                model.spec().name(),
                (name, old) -> old != null && old.specVersion == model.specVersion() ? old : make(model));
        return made.filter;
    }

    private static Made make(KnownModel model) {
        return new Made(
                model.specVersion(),
                new QualityFilter(model.spec().task().labels(), model.spec().quality()));
    }
}

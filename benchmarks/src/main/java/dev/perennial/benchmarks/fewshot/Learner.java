package dev.perennial.benchmarks.fewshot;

import dev.perennial.common.artifact.ArtifactStore;
import dev.perennial.common.artifact.DirectoryArtifactStore;
import dev.perennial.common.event.DatasetRef;
import dev.perennial.common.event.EventIds;
import dev.perennial.common.event.SampleSource;
import dev.perennial.common.spec.ModelSpec;
import dev.perennial.common.text.ContentHash;
import dev.perennial.evaluator.metric.Accuracy;
import dev.perennial.evaluator.metric.Evaluation;
import dev.perennial.lora.LabelledText;
import dev.perennial.lora.TextClassifier;
import dev.perennial.lora.TextEncoder;
import dev.perennial.scheduler.dataset.DatasetFiles;
import dev.perennial.scheduler.dataset.Origin;
import dev.perennial.scheduler.mix.MixRules;
import dev.perennial.scheduler.mix.Mixture;
import dev.perennial.scheduler.mix.PoolSample;
import dev.perennial.scorer.quality.QualityFilter;
import dev.perennial.scorer.quality.Verdict;
import dev.perennial.trainer.backend.DjlBackend;
import dev.perennial.trainer.backend.TrainingOrder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** One turn of the loop with the product's own parts: filter, mix, snapshot, train, evaluate. */
final class Learner implements AutoCloseable {
    private final ModelSpec spec;
    private final Path directory;
    private final ArtifactStore artifacts;
    private final DjlBackend backend = new DjlBackend();
    private final TextEncoder encoder;

    Learner(ModelSpec spec, Path directory) {
        this.spec = spec;
        this.directory = directory;
        this.artifacts = new DirectoryArtifactStore(directory.resolve("artifacts"));
        this.encoder = TextEncoder.open(spec.baseModel());
    }

    /** The synthetic samples that the scorer accepts beside these real ones. */
    List<LabelledText> filter(List<LabelledText> real, List<LabelledText> synthetic) {
        float[][] realMeanings = embed(real);
        float[][] meanings = embed(synthetic);
        List<QualityFilter.Known> known = new ArrayList<>();
        for (int i = 0; i < real.size(); i++) {
            known.add(new QualityFilter.Known(
                    real.get(i).text(), real.get(i).label(), SampleSource.REAL, realMeanings[i]));
        }
        List<QualityFilter.Candidate> candidates = new ArrayList<>();
        for (int i = 0; i < synthetic.size(); i++) {
            candidates.add(new QualityFilter.Candidate(
                    synthetic.get(i).text(), synthetic.get(i).label(), meanings[i]));
        }
        List<Verdict> verdicts = new QualityFilter(spec.task().labels(), spec.quality()).judge(known, candidates);
        List<LabelledText> accepted = new ArrayList<>();
        for (int i = 0; i < synthetic.size(); i++) {
            if (verdicts.get(i).isAccepted()) {
                accepted.add(synthetic.get(i));
            }
        }
        return accepted;
    }

    private float[][] embed(List<LabelledText> samples) {
        return encoder.embed(samples.stream().map(LabelledText::text).toList());
    }

    /** Accuracy on {@code asked} of an adapter trained on a mixture of these. */
    double accuracy(List<LabelledText> real, List<LabelledText> synthetic, List<LabelledText> asked, long seed)
            throws IOException {
        List<PoolSample> pool = new ArrayList<>();
        real.forEach(sample -> pool.add(pooled(sample, SampleSource.REAL)));
        synthetic.forEach(sample -> pool.add(pooled(sample, SampleSource.SYNTHETIC)));
        Mixture mixture = Mixture.of(pool, MixRules.of(spec, seed));
        DatasetRef dataset = new DatasetFiles(artifacts).store(mixture, new Origin(spec.name(), 1, 1, seed));
        Path adapter = Files.createTempDirectory(directory, "adapter-");
        backend.train(
                new TrainingOrder(
                        spec.baseModel(),
                        spec.task().labels(),
                        artifacts.open(dataset.artifact()),
                        null,
                        spec.training(),
                        seed,
                        null),
                adapter,
                (progress, checkpoint) -> {});
        try (TextClassifier classifier = encoder.classifier(adapter)) {
            return Evaluation.score(classifier::classify, asked).value(new Accuracy());
        }
    }

    private static PoolSample pooled(LabelledText sample, SampleSource source) {
        String hash = ContentHash.of(sample.text());
        String id = EventIds.of("benchmark", source, sample.label(), hash);
        return new PoolSample(id, sample.text(), sample.label(), hash, source, 1, true);
    }

    @Override
    public void close() {
        backend.close();
        encoder.close();
    }
}

package dev.perennial.registry.version;

import dev.perennial.common.artifact.ArtifactRef;
import dev.perennial.common.artifact.ArtifactStore;
import dev.perennial.common.database.ServiceSchema;
import dev.perennial.common.event.Stage;
import dev.perennial.common.problem.ProblemException;
import dev.perennial.common.spec.ModelSpec;
import dev.perennial.registry.model.ChangeKind;
import dev.perennial.registry.model.ChangeLog;
import dev.perennial.registry.model.DeclaredModel;
import dev.perennial.registry.model.Models;
import dev.perennial.registry.rollout.Releases;
import dev.perennial.registry.serving.AdapterRefusedException;
import dev.perennial.registry.serving.ServingBackend;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.util.FileSystemUtils;

/** Takes in an adapter that was made elsewhere: it is loaded to prove that it works, then goes into the canary. */
final class AdapterImport {
    private final ServiceSchema schema;
    private final Models models;
    private final Versions versions;
    private final ChangeLog changes;
    private final Releases releases;
    private final ArtifactStore artifacts;
    private final ServingBackend backend;
    private final AdapterZip zip;
    private final Clock clock;

    AdapterImport(
            ServiceSchema schema,
            Models models,
            Versions versions,
            ChangeLog changes,
            Releases releases,
            ArtifactStore artifacts,
            ServingBackend backend,
            AdapterZip zip,
            Clock clock) {
        this.schema = schema;
        this.models = models;
        this.versions = versions;
        this.changes = changes;
        this.releases = releases;
        this.artifacts = artifacts;
        this.backend = backend;
        this.zip = zip;
        this.clock = clock;
    }

    /** What became of an import; files that were imported before make no second version. */
    record Imported(String model, int version, Stage stage, boolean created) {}

    Imported take(String model, String reason, InputStream archive) {
        ModelSpec spec = models.require(model).spec();
        Path temporary = null;
        try {
            temporary = Files.createTempDirectory("adapter-").toRealPath();
            Path adapter = zip.unpack(archive, temporary);
            List<String> labels = verify(spec, adapter);
            return register(model, labels, artifacts.store(adapter), reason);
        } catch (IOException e) {
            throw new UncheckedIOException("unpacking an adapter", e);
        } finally {
            delete(temporary);
        }
    }

    private List<String> verify(ModelSpec spec, Path adapter) {
        try (ServingBackend.Served served = backend.load(spec.baseModel(), adapter)) {
            List<String> labels = List.copyOf(served.labels());
            if (!new HashSet<>(labels).equals(new HashSet<>(spec.task().labels()))) {
                throw ProblemException.badRequest(
                        "adapter-labels",
                        "The adapter answers with " + labels + " but the spec has "
                                + spec.task().labels() + "; both need the same labels, in any order.");
            }
            return labels;
        } catch (AdapterRefusedException e) {
            throw ProblemException.badRequest(
                    "adapter-unusable",
                    "The adapter does not load on " + spec.baseModel() + ": "
                            + String.valueOf(e.getMessage()).replace(adapter + File.separator, "")
                            + ". Nothing was changed; send a PEFT directory that was made for this base model.");
        }
    }

    private Imported register(String model, List<String> labels, ArtifactRef adapter, String reason) {
        return Objects.requireNonNull(schema.transactions().execute(status -> {
            DeclaredModel declared = models.requireLocked(model);
            Optional<ModelVersion> before = versions.imported(model, adapter.sha256());
            if (before.isPresent()) {
                return new Imported(model, before.get().version(), before.get().stage(), false);
            }
            int number = models.nextVersion(model);
            versions.add(version(declared, labels, adapter, number, reason), reason);
            changes.append(ChangeLog.Line.of(model, ChangeKind.IMPORTED, number, reason));
            releases.settle(model);
            return new Imported(model, number, versions.require(model, number).stage(), true);
        }));
    }

    private ModelVersion version(
            DeclaredModel declared, List<String> labels, ArtifactRef adapter, int number, String reason) {
        return new ModelVersion(
                declared.spec().name(),
                number,
                Stage.CANDIDATE,
                0,
                ModelVersion.Origin.IMPORTED,
                declared.spec().baseModel(),
                labels,
                adapter,
                declared.specVersion(),
                null,
                null,
                null,
                null,
                null,
                null,
                List.of(),
                List.of(reason),
                clock.instant(),
                null);
    }

    private static void delete(@Nullable Path directory) {
        try {
            FileSystemUtils.deleteRecursively(directory);
        } catch (IOException e) {
            throw new UncheckedIOException("removing an unpacked adapter", e);
        }
    }
}

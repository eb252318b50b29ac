package dev.perennial.lora;

import dev.perennial.lora.adapter.TuningMethod;
import dev.perennial.lora.recipe.MemoryBudget;
import dev.perennial.lora.recipe.TrainingConfig;
import java.io.IOException;

/** Trains and says every hundred steps how much memory is resident and how many arrays there are. */
final class MemoryProcess {
    /** What is trained. */
    enum Kind {
        CLASSIFIER {
            @Override
            void train() throws IOException {
                TrainingConfig config = Fixtures.config()
                        .withLora(Fixtures.dropping(4, 0.1, "query", "output.dense"))
                        .withEpochs(1000)
                        .withPatience(0);
                try (TextEncoder encoder = Fixtures.tinyEncoder();
                        TrainingSession<TextClassifier> session =
                                TrainingSession.start(encoder, Fixtures.data(), config)) {
                    run(session);
                }
            }
        },
        /** With QLoRA and gradient checkpointing. */
        LANGUAGE_MODEL {
            @Override
            void train() throws IOException {
                TrainingConfig config = LanguageRuns.config(
                                TuningMethod.qlora(Fixtures.dropping(4, 0.1, "q_proj", "v_proj", "down_proj")))
                        .withEpochs(1000)
                        .withMemory(new MemoryBudget(true, 0));
                try (LanguageModel model = LanguageRuns.open("qwen2");
                        TrainingSession<LanguageTuning> session =
                                TrainingSession.start(model, LanguageRuns.data(model), config)) {
                    run(session);
                }
            }
        };

        abstract void train() throws IOException;
    }

    private MemoryProcess() {}

    /** Argument: what is trained. */
    public static void main(String[] args) throws IOException {
        Kind.valueOf(args[0]).train();
    }

    private static void run(TrainingSession<?> session) throws IOException {
        for (int step = 1; step <= NativeMemoryIT.STEPS; step++) {
            session.step();
            if (step >= NativeMemoryIT.SETTLED && step % 100 == 0) {
                System.out.println("memory " + step + " " + ProcessStatus.residentKb() + " " + session.managedArrays());
            }
        }
    }
}

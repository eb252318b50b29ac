package dev.perennial.scheduler.mix;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.common.event.SampleSource;
import dev.perennial.common.spec.Mix;
import dev.perennial.common.text.ContentHash;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class MixtureTest {
    private static final List<String> LABELS = List.of("billing", "outage", "router");
    private static final Mix ONE_TO_THREE = new Mix(true, 1, 3);

    @Test
    void takes_everything_fresh_of_a_first_round_however_scarce_the_real_samples_are() {
        Mixture mixture =
                Mixture.of(pool(fresh("billing", 5, 20), fresh("outage", 5, 20), fresh("router", 5, 0)), auto(5000, 0));

        assertThat(mixture.train()).hasSize(55);
        assertThat(mixture.validation()).isEmpty();
    }

    @Test
    void is_a_function_of_pool_and_rules_and_not_of_their_order() {
        List<PoolSample> pool =
                pool(earlier("billing", 300, 200), earlier("outage", 300, 200), fresh("router", 30, 50));
        List<PoolSample> shuffled = new ArrayList<>(pool);
        Collections.shuffle(shuffled, new Random(7));

        assertThat(Mixture.of(shuffled, auto(200, 0.1))).isEqualTo(Mixture.of(pool, auto(200, 0.1)));
        assertThat(Mixture.of(pool, new MixRules(LABELS, Mix.AUTO, 200, 0.1, 2)))
                .isNotEqualTo(Mixture.of(pool, auto(200, 0.1)));
    }

    @Test
    void a_drift_round_has_all_its_own_samples_and_rehearses_every_other_label() {
        Mixture mixture = Mixture.of(
                pool(
                        earlier("billing", 60, 40),
                        earlier("outage", 60, 40),
                        earlier("router", 60, 40),
                        fresh("router", 0, 30)),
                auto(5000, 0));

        assertThat(mixture.decision()).extracting(LabelMix::freshSynthetic).containsExactly(0, 0, 30);
        assertThat(mixture.decision()).extracting(LabelMix::replayedReal).containsExactly(60, 60, 60);
        assertThat(mixture.decision()).extracting(LabelMix::replayedSynthetic).containsExactly(30, 30, 30);
        assertThat(mixture.decision()).extracting(LabelMix::leftOut).containsExactly(10, 10, 10);
    }

    @Test
    void earlier_synthetic_samples_follow_one_to_three_where_real_ones_abound_and_are_welcome_where_they_are_scarce() {
        Mixture mixture = Mixture.of(pool(earlier("billing", 90, 90), earlier("outage", 19, 90)), auto(5000, 0));

        assertThat(mixture.decision()).extracting(LabelMix::replayedSynthetic).containsExactly(30, 80, 0);
    }

    @Test
    void a_replay_smaller_than_the_past_is_shared_by_the_labels() {
        Mixture mixture = Mixture.of(
                pool(earlier("billing", 500, 100), earlier("outage", 500, 100), earlier("router", 10, 0)), auto(90, 0));

        assertThat(mixture.train()).hasSize(90);
        assertThat(mixture.decision())
                .extracting(label -> label.replayedReal() + label.replayedSynthetic())
                .containsExactly(40, 40, 10);
        assertThat(mixture.decision()).extracting(LabelMix::replayedSynthetic).containsExactly(10, 10, 0);
    }

    @Test
    void no_replay_leaves_the_past_out() {
        Mixture mixture = Mixture.of(pool(earlier("billing", 50, 50), fresh("outage", 3, 4)), auto(0, 0));

        assertThat(mixture.train()).hasSize(7).allMatch(PoolSample::fresh);
    }

    @Test
    void a_fixed_ratio_holds_for_every_label() {
        Mixture mixture = Mixture.of(
                pool(earlier("billing", 30, 30), fresh("outage", 9, 30), fresh("router", 0, 30)),
                new MixRules(LABELS, ONE_TO_THREE, 5000, 0, 1));

        assertThat(mixture.decision())
                .extracting(label -> label.freshSynthetic() + label.replayedSynthetic())
                .containsExactly(10, 3, 0);
    }

    @Test
    void a_fixed_ratio_holds_also_when_the_replay_is_cut() {
        Mixture mixture = Mixture.of(pool(earlier("billing", 100, 100)), new MixRules(LABELS, ONE_TO_THREE, 10, 0, 1));

        LabelMix billing = mixture.decision().getFirst();
        assertThat(billing.replayedSynthetic() * 3).isLessThanOrEqualTo(billing.replayedReal());
    }

    @Test
    void a_text_counts_once_and_a_real_sample_stands_for_its_synthetic_twin() {
        PoolSample real = sample("z", "billing", SampleSource.REAL, true, "Same words");
        PoolSample synthetic = sample("a", "billing", SampleSource.SYNTHETIC, true, "same  words!");

        assertThat(Mixture.of(List.of(synthetic, real), auto(10, 0)).train()).containsExactly(real);
    }

    @Test
    void samples_of_labels_outside_the_spec_are_left_out() {
        assertThat(Mixture.of(pool(fresh("retired", 5, 5), fresh("billing", 1, 0)), auto(10, 0))
                        .train())
                .hasSize(1);
    }

    @Test
    void validation_has_a_share_of_each_label_and_of_new_wording_and_nothing_that_is_trained_on() {
        Mixture mixture = Mixture.of(
                pool(fresh("billing", 40, 0), fresh("outage", 40, 50), earlier("router", 40, 30)), auto(5000, 0.1));

        assertThat(mixture.decision()).extracting(LabelMix::validation).containsExactly(4, 9, 4);
        assertThat(mixture.validation()).hasSize(17);
        assertThat(mixture.validation()).allMatch(sample -> sample.fresh() || sample.isReal());
        assertThat(mixture.train()).doesNotContainAnyElementsOf(mixture.validation());
    }

    @Test
    void the_same_real_samples_validate_again_in_the_next_round() {
        List<PoolSample> before = pool(fresh("billing", 60, 0), fresh("outage", 60, 0));
        List<PoolSample> after = new ArrayList<>(before.stream()
                .map(sample -> new PoolSample(
                        sample.sampleId(),
                        sample.text(),
                        sample.label(),
                        sample.contentHash(),
                        sample.source(),
                        1,
                        false))
                .toList());
        after.addAll(fresh("router", 0, 40));

        assertThat(ids(Mixture.of(after, auto(5000, 0.1)).validation()))
                .containsAll(ids(Mixture.of(before, auto(5000, 0.1)).validation()));
    }

    @Test
    void too_few_samples_are_all_trained_on() {
        Mixture mixture = Mixture.of(pool(fresh("billing", 9, 0), fresh("outage", 9, 0)), auto(5000, 0.1));

        assertThat(mixture.validation()).isEmpty();
        assertThat(mixture.train()).hasSize(18);
        assertThat(mixture.decision()).extracting(LabelMix::validation).containsOnly(0);
    }

    private static MixRules auto(int replay, double validationShare) {
        return new MixRules(LABELS, Mix.AUTO, replay, validationShare, 1);
    }

    @SafeVarargs
    private static List<PoolSample> pool(List<PoolSample>... parts) {
        List<PoolSample> all = new ArrayList<>();
        for (List<PoolSample> part : parts) {
            all.addAll(part);
        }
        return all;
    }

    private static List<PoolSample> fresh(String label, int real, int synthetic) {
        return samples(label, real, synthetic, true);
    }

    private static List<PoolSample> earlier(String label, int real, int synthetic) {
        return samples(label, real, synthetic, false);
    }

    private static List<PoolSample> samples(String label, int real, int synthetic, boolean fresh) {
        return Stream.concat(
                        IntStream.range(0, real).mapToObj(i -> sample(label, SampleSource.REAL, fresh, i)),
                        IntStream.range(0, synthetic).mapToObj(i -> sample(label, SampleSource.SYNTHETIC, fresh, i)))
                .toList();
    }

    private static PoolSample sample(String label, SampleSource source, boolean fresh, int i) {
        String id = label + "-" + source + "-" + fresh + "-" + i;
        return sample(id, label, source, fresh, "text of " + id);
    }

    private static PoolSample sample(String id, String label, SampleSource source, boolean fresh, String text) {
        return new PoolSample(id, text, label, ContentHash.of(text), source, 1, fresh);
    }

    private static List<String> ids(List<PoolSample> samples) {
        return samples.stream().map(PoolSample::sampleId).toList();
    }
}

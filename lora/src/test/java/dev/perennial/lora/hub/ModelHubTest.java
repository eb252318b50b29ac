package dev.perennial.lora.hub;

import static dev.perennial.lora.hub.HubServer.content;
import static dev.perennial.lora.hub.HubServer.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpHandler;
import dev.perennial.lora.ChildJvm;
import dev.perennial.lora.ModelFormatException;
import dev.perennial.lora.decoder.DecoderModel;
import dev.perennial.lora.hub.HubServer.Request;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelHubTest {
    private static final String WEIGHTS = "model.safetensors";
    private static final String LISTING = "/api/models/owner/name/revision/main";
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    @TempDir
    Path cache;

    private HubServer server;
    private final List<Duration> waits = new ArrayList<>();

    @BeforeEach
    void start() throws IOException {
        server = new HubServer();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private HubSettings settings() {
        return HubSettings.of(Map.of())
                .withEndpoint(server.endpoint())
                .withCache(cache)
                .withTimeout(Duration.ofSeconds(10));
    }

    private ModelHub hub(HubSettings settings) {
        return new ModelHub(settings, new Patience(() -> NOW, waits::add));
    }

    private Path fetch() {
        return hub(settings()).fetch("owner/name");
    }

    private Path snapshot() {
        return cache.resolve("owner").resolve("name@" + server.commit);
    }

    private static List<String> tree(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> directory.relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }

    private void refused(Class<? extends Exception> type, String... messages) {
        refused(settings(), type, messages);
    }

    private void refused(HubSettings settings, Class<? extends Exception> type, String... messages) {
        assertThatThrownBy(() -> hub(settings).fetch("owner/name"))
                .isInstanceOf(type)
                .hasMessageContainingAll(messages);
        assertThat(snapshot()).doesNotExist();
    }

    @Test
    void aModelIsFetchedAsTheGuideSays() {
        server.withModel();
        HubSettings settings = settings();
        // guide
        Path model = new ModelHub(settings).fetch("owner/name"); // or owner/name@revision
        // end
        assertThat(model.resolve(WEIGHTS)).exists();
    }

    @Test
    void aDirectoryOfTheCacheSaysWhatItHolds() throws IOException {
        server.withModel();
        assertThat(ModelHub.fetched(fetch())).contains(new HubId("owner", "name", server.commit));
        assertThat(ModelHub.fetched(snapshot().getParent())).isEmpty();
        assertThat(ModelHub.fetched(snapshot().getRoot())).isEmpty();
        Path copy = Files.createDirectories(cache.resolve("a copy/name@" + server.commit));
        assertThat(ModelHub.fetched(copy)).isEmpty();
    }

    @Test
    void whatTheLibraryReadsIsDownloadedAndNothingElse() throws IOException {
        server.withModel();
        List<String> wanted = List.of(
                "1_Pooling/config.json",
                "chat_template.jinja",
                "config.json",
                "generation_config.json",
                WEIGHTS,
                "modules.json",
                "special_tokens_map.json",
                "tokenizer.json",
                "tokenizer_config.json");
        wanted.stream()
                .filter(name -> !name.equals("config.json"))
                .forEach(name -> server.put(name, "content of " + name));
        List.of(
                        "README.md",
                        "pytorch_model.bin",
                        "model.onnx",
                        "other/tokenizer.json",
                        "model.fp16.safetensors",
                        "C:tokenizer.json",
                        "tokenizer 2.json",
                        ".gitattributes")
                .forEach(name -> server.put(name, "not wanted"));
        List<String> progress = new ArrayList<>();
        Path directory = hub(settings())
                .fetch("owner/name", (file, done, total) -> progress.add(file + " " + done + " of " + total));
        assertThat(directory).isEqualTo(snapshot());
        assertThat(tree(directory)).containsExactlyElementsOf(wanted);
        for (String name : wanted) {
            assertThat(directory.resolve(name)).hasBinaryContent(server.files.get(name));
        }
        long total =
                wanted.stream().mapToLong(name -> server.files.get(name).length).sum();
        assertThat(progress).last().isEqualTo(WEIGHTS + " " + total + " of " + total);
        assertThat(waits).isEmpty();
    }

    @Test
    void aModelIsDownloadedOnceAndAPinnedOneNotEvenAskedFor() {
        server.withModel();
        Path directory = fetch();
        assertThat(fetch()).isEqualTo(directory);
        assertThat(server.requests(server.path(WEIGHTS))).hasSize(1);
        assertThat(server.requests(LISTING)).hasSize(2);
        int before = server.requests.size();
        assertThat(hub(settings()).fetch("owner/name@" + server.commit)).isEqualTo(directory);
        assertThat(server.requests).hasSize(before);
    }

    @Test
    void aFetchedDirectoryOpensAsAModelAndABranchIsPinnedToItsCommit() throws IOException, URISyntaxException {
        Path original =
                Path.of(ModelHubTest.class.getResource("/decoder/llama3-scaled").toURI());
        for (String file : tree(original)) {
            server.files.put(file, Files.readAllBytes(original.resolve(file)));
        }
        server.put("tokenizer.json", "{}");
        Path directory = hub(settings()).fetch("owner/name@refs/pr/1");
        assertThat(tree(directory)).hasSize(7).contains("model-00004-of-00004.safetensors");
        assertThat(server.requests(LISTING.replace("main", "refs%2Fpr%2F1"))).hasSize(1);
        try (DecoderModel expected = DecoderModel.open(original);
                DecoderModel model = DecoderModel.open(directory)) {
            assertThat(model.sha256()).isEqualTo(expected.sha256());
            assertThat(model.id()).isEqualTo("name@" + server.commit);
        }
    }

    @Test
    void aBrokenConnectionIsGoneOnWithFromWhereItBroke() {
        server.withModel();
        server.next(server.path(WEIGHTS), server.dropAfter(20, WEIGHTS));
        assertThat(fetch().resolve(WEIGHTS)).hasBinaryContent(server.files.get(WEIGHTS));
        assertThat(server.requests(server.path(WEIGHTS)))
                .extracting(Request::range)
                .containsExactly(null, "bytes=20-");
        assertThat(waits).containsExactly(Duration.ofMillis(500));
    }

    @Test
    void whatIsLeftOfAFailedFetchIsUsedByTheNext() throws IOException {
        server.withModel();
        server.next(server.path(WEIGHTS), server.dropAfter(20, WEIGHTS));
        refused(settings().withTries(1), HubException.class, "cannot be had", "after 1 tries", "What came is kept");
        assertThat(tree(cache)).anyMatch(name -> name.endsWith(WEIGHTS + ".part"));
        assertThat(fetch().resolve(WEIGHTS)).hasBinaryContent(server.files.get(WEIGHTS));
        assertThat(server.requests(server.path(WEIGHTS)))
                .extracting(Request::range)
                .containsExactly(null, "bytes=20-");
        assertThat(server.requests(server.path("config.json"))).hasSize(1);
        assertThat(tree(cache)).noneMatch(name -> name.contains("unfinished"));
    }

    @Test
    void aServerThatSendsAnotherPartIsAskedForTheWhole() {
        server.withModel();
        byte[] whole = server.files.get(WEIGHTS);
        byte[] rest = Arrays.copyOfRange(whole, 20, whole.length);
        server.next(
                server.path(WEIGHTS),
                server.dropAfter(20, WEIGHTS),
                content(206, rest, "Content-Range", "bytes 19-%d/%d".formatted(whole.length - 2, whole.length)),
                server.dropAfter(30, WEIGHTS),
                status(416),
                server.dropAfter(10, WEIGHTS),
                content(200, whole)); // knows no ranges
        assertThat(fetch().resolve(WEIGHTS)).hasBinaryContent(whole);
        assertThat(server.requests(server.path(WEIGHTS)))
                .extracting(Request::range)
                .containsExactly(null, "bytes=20-", null, "bytes=30-", null, "bytes=10-");
    }

    @Test
    void aServerThatNeverGetsFurtherIsGivenUp() {
        server.withModel();
        server.files.put(WEIGHTS, new byte[3 << 20]);
        HttpHandler unsteady = server.dropsAndMisplaces(2 << 20, WEIGHTS);
        server.next(server.path(WEIGHTS), Collections.nCopies(100, unsteady).toArray(HttpHandler[]::new));
        refused(HubException.class, "cannot be had", "after 6 tries");
        assertThat(server.requests(server.path(WEIGHTS))).hasSizeLessThan(10);
    }

    @Test
    void aServerThatDoesNotTellTheWholeSizeWithAPartIsFine() {
        server.withModel();
        byte[] whole = server.files.get(WEIGHTS);
        server.next(
                server.path(WEIGHTS),
                server.dropAfter(20, WEIGHTS),
                content(
                        206,
                        Arrays.copyOfRange(whole, 20, whole.length),
                        "Content-Range",
                        "bytes 20-%d/*".formatted(whole.length - 1)));
        assertThat(fetch().resolve(WEIGHTS)).hasBinaryContent(whole);
        assertThat(server.requests(server.path(WEIGHTS))).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '=', textBlock = """
            {"model_type": "gpt2"}                     = model_type is 'gpt2', supported are bert
            {"model_type": "llama"}                    = must be a number from 1
            {"model_type": "bert", "hidden_act": "relu"} = hidden_act is 'relu'
            {"model_type": 1}                          = model_type must be a text
            []                                         = must hold a JSON object
            {                                          = is no valid JSON
            """)
    void whatCouldNotBeOpenedIsRefusedBeforeItsWeightsAreDownloaded(String config, String message) {
        server.withModel().put("config.json", config);
        refused(ModelFormatException.class, "owner/name@main is not downloaded", message);
        assertThat(server.requests(server.path(WEIGHTS))).isEmpty();
    }

    @Test
    void aHubThatCannotBeAskedIsAFailureThatPointsToWhatIsHere() {
        server.withModel();
        Path here = fetch();
        server.next(LISTING, status(401), status(500));
        HubSettings once = settings().withTries(1);
        for (String reason : List.of("401", "it answered 500")) {
            assertThatThrownBy(() -> hub(once).fetch("owner/name"))
                    .isInstanceOf(HubException.class)
                    .hasMessageContainingAll(reason, "is here, in " + here, "set HF_HUB_OFFLINE=1");
        }
        assertThat(hub(once.withOffline(true)).fetch("owner/name")).isEqualTo(here);
        server.close();
        assertThatThrownBy(() -> hub(once).fetch("owner/name")).hasMessageContaining("set HF_HUB_OFFLINE=1");
        assertThatThrownBy(() -> hub(once).fetch("owner/name@other")).hasMessageNotContaining("HF_HUB_OFFLINE");
    }

    @Test
    void aServerThatFallsSilentIsLeft() {
        server.withModel();
        server.next(server.path(WEIGHTS), server.stallAfter(20, WEIGHTS));
        Path directory = hub(settings().withTimeout(Duration.ofMillis(250)).withTries(20))
                .fetch("owner/name");
        assertThat(directory.resolve(WEIGHTS)).hasBinaryContent(server.files.get(WEIGHTS));
        assertThat(server.requests(server.path(WEIGHTS))).hasSizeGreaterThan(1);
    }

    @Test
    void aServerThatSendsHardlyAnythingIsLeft() {
        server.withModel();
        server.next(server.path(WEIGHTS), server.drip(WEIGHTS));
        Path directory = hub(settings().withTimeout(Duration.ofMillis(250)).withTries(20))
                .fetch("owner/name");
        assertThat(directory.resolve(WEIGHTS)).hasBinaryContent(server.files.get(WEIGHTS));
        assertThat(server.requests(server.path(WEIGHTS))).hasSizeGreaterThan(1);
    }

    @Test
    void aFileWithAnotherChecksumIsDeletedAndTheModelDoesNotAppear() throws IOException {
        for (String name : List.of("config.json", WEIGHTS)) {
            server.withModel();
            byte[] changed = server.files.get(name).clone();
            changed[0] ^= 1;
            server.next(server.path(name), content(200, changed));
            refused(HubException.class, name, "than announced", "deleted");
            assertThat(tree(cache)).noneMatch(file -> file.endsWith(name) || file.endsWith(".part"));
        }
        assertThat(fetch().resolve(WEIGHTS)).hasBinaryContent(server.files.get(WEIGHTS));
    }

    @Test
    void aFileOfAnotherSizeThanAnnouncedIsRefused() {
        server.withModel();
        server.next(server.path(WEIGHTS), content(200, new byte[1000]));
        refused(HubException.class, "announced with", "wants to send 1000");
        server.next(server.path(WEIGHTS), exchange -> {
            exchange.sendResponseHeaders(200, 0); // no length: as much as comes
            exchange.getResponseBody().write(new byte[1000]);
            exchange.close();
        });
        refused(HubException.class, "sends more than the");
        server.next(server.path(WEIGHTS), content(200, server.files.get(WEIGHTS), "Content-Encoding", "gzip"));
        refused(HubException.class, "of another encoding");
    }

    @Test
    void whatIsTooLargeIsRefusedBeforeItsWeightsAreDownloaded() {
        server.withModel();
        refused(settings().withMaxBytes(10), ModelFormatException.class, "the limit is 10");
        announceSize(1L << 60);
        refused(settings().withMaxBytes(Long.MAX_VALUE), HubException.class, "bytes more, but", "PERENNIAL_MODELS");
        server.put("tokenizer.json", "{}");
        server.announced.put(
                "tokenizer.json",
                HubServer.announcement("tokenizer.json", new byte[2])
                        .put("size", 1L << 40)
                        .toString());
        refused(ModelFormatException.class, "tokenizer.json", "are not read");
        assertThat(server.requests(server.path(WEIGHTS))).isEmpty();
    }

    private void announceSize(long size) {
        var announcement = HubServer.announcement(WEIGHTS, new byte[1]);
        announcement.withObject("lfs").put("size", size);
        server.announced.put(WEIGHTS, announcement.toString());
    }

    @Test
    void aFileThatIsAnnouncedWithoutSizeOrChecksumIsRefused() {
        server.withModel();
        for (String announcement : List.of(
                "{'rfilename': 'model.safetensors'}",
                "{'rfilename': 'model.safetensors', 'size': 5}",
                "{'rfilename': 'model.safetensors', 'size': 5, 'blobId': 'xyz'}",
                "{'rfilename': 'model.safetensors', 'size': 5, 'lfs': {'sha256': '12'}}",
                "{'rfilename': 'model.safetensors', 'size': -5, 'blobId': '%s'}".formatted("0".repeat(40)))) {
            server.announced.put(WEIGHTS, announcement.replace('\'', '"'));
            refused(HubException.class, "tells no size and checksum");
        }
    }

    @Test
    void theTokenIsSentToTheEndpointOnly() throws IOException {
        try (HubServer store = new HubServer()) {
            server.withModel();
            store.withModel();
            server.next(server.path(WEIGHTS), status(302, "Location", store.endpoint() + store.path(WEIGHTS)));
            server.next(server.path("config.json"), status(307, "Location", "/moved/config.json"));
            server.next("/moved/config.json", content(200, server.files.get("config.json")));
            hub(settings().withToken("hf_secret")).fetch("owner/name");
            assertThat(store.requests)
                    .hasSize(1)
                    .extracting(Request::authorization)
                    .containsOnlyNulls();
            assertThat(server.requests)
                    .hasSize(5)
                    .extracting(Request::authorization)
                    .containsOnly("Bearer hf_secret");
        }
        assertThat(settings().withToken("hf_secret").toString())
                .doesNotContain("secret")
                .contains("token=set");
    }

    @Test
    void redirectsAreFollowedToAddressesOnlyAndNotForEver() throws IOException {
        server.withModel();
        for (String nowhere : List.of("file:///etc/passwd", "", "ftp://127.0.0.1/x", "http://[", "mailto:a")) {
            server.next(server.path(WEIGHTS), status(302, "Location", nowhere));
            refused(HubException.class, "redirects to something that is no address");
        }
        IntStream.range(0, 9)
                .forEach(_ -> server.next(
                        server.path(WEIGHTS), status(302, "Location", server.endpoint() + server.path(WEIGHTS))));
        refused(HubException.class, "redirected more than 8 times");
        assertThatThrownBy(() -> HubClient.target(URI.create("https://a/b"), "http://a/b"))
                .hasMessageContaining("without encryption");
        assertThat(HubClient.target(URI.create("http://a/b"), "https://c/d")).hasToString("https://c/d");
    }

    @Test
    void aRefusalSaysWhatToDo() {
        server.next(LISTING, status(401), status(401), status(403), status(404), status(400));
        HubSettings known = settings().withToken("hf_secret");
        refused(HubException.class, "401", "private, gated", "set HF_TOKEN");
        refused(known, HubException.class, "401", "the token sent is not enough");
        refused(known, HubException.class, "403", "gated", "Accept its licence");
        refused(HubException.class, "404", "check the id");
        refused(HubException.class, "answered 400");
        assertThat(waits).isEmpty();
        server.withModel();
        server.next(server.path(WEIGHTS), status(403));
        refused(HubException.class, "403", "gated");
    }

    @Test
    void aBusyServerIsAskedAgainWhenItSays() {
        server.withModel();
        server.next(
                LISTING,
                status(503),
                status(429, "Retry-After", "7"),
                status(429, "Retry-After", "Thu, 1 Jan 2026 00:01:00 GMT"),
                status(500, "Retry-After", "nonsense"));
        fetch();
        assertThat(waits)
                .containsExactly(
                        Duration.ofMillis(500), Duration.ofSeconds(7), Duration.ofMinutes(1), Duration.ofSeconds(4));
    }

    @Test
    void aServerThatStaysBusyIsGivenUp() {
        server.next(LISTING, status(500), status(502), status(503), status(504));
        refused(settings().withTries(4), HubException.class, "after 4 tries", "it answered 504");
        assertThat(waits).hasSize(3);
        server.next(LISTING, status(429, "Retry-After", "86400"));
        refused(HubException.class, "after 1 tries", "it answered 429");
        server.close();
        refused(settings().withTries(2), HubException.class, "after 2 tries", "try again later");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../config.json",
                "/etc/tokenizer.json",
                "tokenizer/../../x.json",
                "tokenizer\\..\\x.json",
                "a//b",
                "./config.json",
                "",
                "tokenizer\u0000.json"
            })
    void aNameThatLeavesTheDirectoryIsRefused(String name) {
        server.withModel();
        server.put(name, "x");
        refused(ModelFormatException.class, "lists a file that would not lie in its directory");
    }

    @Test
    void onlySafetensorsAreWeights() {
        refused(ModelFormatException.class, "no config.json");
        server.put("config.json", HubServer.CONFIG);
        refused(ModelFormatException.class, "no tokenizer.json");
        server.put("tokenizer.json", "{}");
        refused(ModelFormatException.class, "no model.safetensors");
        server.put("pytorch_model.bin", "x");
        refused(ModelFormatException.class, "Python pickles only", "not downloaded");
    }

    @Test
    void shardsAreThoseOfTheIndexAndMustLieBesideIt() {
        server.put("config.json", HubServer.CONFIG);
        server.put("tokenizer.json", "{}");
        server.put("model-2.safetensors", "two");
        for (String hostile : List.of("../x.safetensors", "/x.safetensors", "model.bin", "config.json", "")) {
            server.put(Selection.INDEX, "{\"weight_map\": {\"a\": \"" + hostile + "\"}}");
            server.commit = Integer.toHexString(hostile.hashCode()).repeat(40).substring(0, 40);
            refused(ModelFormatException.class, "names the file '" + hostile + "'");
        }
        server.commit = HubServer.FIRST_COMMIT;
        server.put(Selection.INDEX, "{\"weight_map\": {\"a\": \"model-3.safetensors\"}}");
        refused(ModelFormatException.class, "has no file 'model-3.safetensors'");
        server.commit = "2".repeat(40);
        server.put(Selection.INDEX, "{\"weight_map\": {}}");
        refused(ModelFormatException.class, "names no shards");
    }

    @Test
    void somethingThatIsNoHubIsRefused() {
        server.next(
                LISTING,
                content(200, "<html>".getBytes(StandardCharsets.UTF_8)),
                content(200, "{\"sha\": \"main\", \"siblings\": []}".getBytes(StandardCharsets.UTF_8)),
                content(200, new byte[40 << 20]));
        refused(HubException.class, "no JSON");
        refused(HubException.class, "does not describe owner/name@main as a hub does");
        refused(HubException.class, "is longer than");
        server.withModel();
        assertThatThrownBy(() -> hub(settings()).fetch("owner/name@" + "f".repeat(40)))
                .hasMessageContaining("answers with commit");
    }

    @Test
    void offlineMeansThatNoConnectionIsOpened() {
        server.withModel();
        HubSettings offline = settings().withOffline(true);
        refused(offline, HubException.class, "not in the cache", "Fetch it once online", "HF_HUB_OFFLINE");
        assertThatThrownBy(() -> hub(settings()).cached("owner/name")).hasMessageContaining("not in the cache");
        assertThat(server.requests).isEmpty();
        Path directory = fetch();
        int before = server.requests.size();
        assertThat(hub(offline).fetch("owner/name")).isEqualTo(directory);
        assertThat(hub(settings()).cached("owner/name@" + server.commit)).isEqualTo(directory);
        assertThatThrownBy(() -> hub(offline).fetch("owner/name@other")).hasMessageContaining("not in the cache");
        assertThat(server.requests).hasSize(before);
    }

    @Test
    void aBranchThatMovedIsDownloadedAnewAndTheOldCommitStays() throws IOException {
        server.withModel();
        Path old = fetch();
        server.next(server.path(WEIGHTS).replace('1', '2'), server.dropAfter(3, WEIGHTS));
        server.commit = "2".repeat(40);
        refused(settings().withTries(1), HubException.class, "cannot be had");
        server.commit = "3".repeat(40);
        server.put("config.json", HubServer.CONFIG.replace("16", "32"));
        Path fresh = fetch();
        assertThat(fresh).isNotEqualTo(old);
        assertThat(old.resolve("config.json")).hasContent(HubServer.CONFIG);
        assertThat(hub(settings()).cached("owner/name")).isEqualTo(fresh);
        assertThat(tree(cache))
                .as("what was left of the second commit is gone")
                .noneMatch(name -> name.contains("unfinished"));
    }

    @Test
    void threadsAndProcessesThatWantAModelAtOnceDownloadItOnce() throws Exception {
        server.withModel();
        server.files.put(WEIGHTS, new byte[3 << 20]);
        Path output = cache.resolve("child.log");
        List<Process> children = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            children.add(ChildJvm.start(
                    Child.class,
                    output,
                    List.of("-Xshare:auto", "-XX:TieredStopAtLevel=1"),
                    List.of(server.endpoint().toString(), cache.toString())));
        }
        try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
            List<Future<Path>> fetched = IntStream.range(0, 3)
                    .mapToObj(_ -> threads.submit(this::fetch))
                    .toList();
            for (Future<Path> path : fetched) {
                assertThat(path.get()).isEqualTo(snapshot());
            }
        }
        for (Process child : children) {
            assertThat(child.waitFor()).as(Files.readString(output)).isZero();
        }
        assertThat(server.requests(LISTING)).hasSize(5);
        assertThat(server.requests(server.path(WEIGHTS))).hasSize(1);
        assertThat(server.requests(server.path("config.json"))).hasSize(1);
    }

    /** Another process that fetches the model. */
    static final class Child {
        public static void main(String[] arguments) {
            HubSettings settings =
                    HubSettings.of(Map.of("HF_ENDPOINT", arguments[0], "PERENNIAL_MODELS", arguments[1]));
            new ModelHub(settings).fetch("owner/name");
        }
    }

    @Test
    void settingsAreThoseOfTheEnvironment() {
        HubSettings plain = HubSettings.of(Map.of());
        assertThat(plain.endpoint()).hasToString("https://huggingface.co");
        assertThat(plain.cache().endsWith(Path.of(".cache", "perennial", "models")))
                .isTrue();
        assertThat(plain.token()).isNull();
        assertThat(plain.offline()).isFalse();
        HubSettings all = HubSettings.of(Map.of(
                "HF_ENDPOINT",
                "http://mirror:8080/hub/",
                "HF_TOKEN",
                " t\n",
                "HF_HUB_OFFLINE",
                "True",
                "PERENNIAL_MODELS",
                "/m"));
        assertThat(all.endpoint()).hasToString("http://mirror:8080/hub");
        assertThat(all.token()).isEqualTo("t");
        assertThat(all.offline()).isTrue();
        assertThat(all.cache()).isEqualTo(Path.of("/m"));
        for (String endpoint : List.of("ftp://a", "http://u:p@a", "http://a/?x=1", "a", "file:/x")) {
            assertThatThrownBy(() -> plain.withEndpoint(URI.create(endpoint)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("endpoint");
        }
        assertThatThrownBy(() -> plain.withToken("a\r\nb")).hasMessageContaining("token");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "name",
                "a/b/c",
                "../b",
                "a/..",
                "a/b@",
                "a/b@../x",
                "a/b@x//y",
                "/a/b",
                "a/b c",
                ".a/b",
                "a/-",
                "a/b@-x"
            })
    void anIdOfAnotherFormIsRefused(String id) {
        assertThatThrownBy(() -> hub(settings()).fetch(id)).isInstanceOf(IllegalArgumentException.class);
        assertThat(server.requests).isEmpty();
    }
}

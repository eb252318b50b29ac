package dev.perennial.generator.call;

import dev.perennial.common.database.ServiceSchema;
import dev.perennial.generator.call.LlmCalls.Payer;
import dev.perennial.generator.provider.Reply;
import java.math.BigDecimal;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The replies that were paid for. */
public final class CallStore {
    private final JdbcClient jdbc;

    public CallStore(ServiceSchema generatorSchema) {
        this.jdbc = generatorSchema.jdbc();
    }

    Optional<String> find(String callKey) {
        return jdbc.sql("select reply from generator.llm_call where call_key = ?")
                .param(callKey)
                .query(String.class)
                .optional();
    }

    /** Commits by itself: whatever becomes of the run, this reply is never asked for again. */
    void add(String callKey, String provider, String llm, Payer payer, Reply reply, BigDecimal cost, Instant answered) {
        jdbc.sql("""
                        insert into generator.llm_call (call_key, provider, llm, model, generation_id, reply,
                            prompt_tokens, completion_tokens, cost, answered)
                        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing
                        """)
                .params(
                        callKey,
                        provider,
                        llm,
                        payer.model(),
                        payer.generationId(),
                        reply.text().replace("\0", ""),
                        reply.promptTokens(),
                        reply.completionTokens(),
                        cost,
                        Timestamp.from(answered))
                .update();
    }

    /** Tokens that a model's runs have paid since then. */
    public long tokensSince(String model, Instant since) {
        return jdbc.sql("""
                        select coalesce(sum(prompt_tokens + completion_tokens), 0) from generator.llm_call
                        where model = ? and answered > ?
                        """)
                .params(model, Timestamp.from(since))
                .query(Long.class)
                .single();
    }
}

package dev.perennial.generator.generation;

import dev.perennial.generator.call.LlmCalls;
import dev.perennial.generator.call.LlmCalls.Answer;
import dev.perennial.generator.call.LlmCalls.Payer;
import dev.perennial.generator.provider.LlmException;
import dev.perennial.generator.reply.ReplyReader;
import dev.perennial.generator.reply.Screening;

/** Makes single calls of a run, on any thread. */
final class Caller {
    private final LlmCalls calls;
    private final Brief brief;
    private final Payer payer;

    Caller(LlmCalls calls, Brief brief) {
        this.calls = calls;
        this.brief = brief;
        this.payer = new Payer(brief.generation().model(), brief.generation().generationId());
    }

    CallResult make(PlannedCall call) {
        try {
            Answer answer = calls.answer(brief.provider(), brief.ask(call), payer);
            Screening screening =
                    Screening.of(ReplyReader.read(answer.text()), call.label(), call.wanted(), call.examples());
            return new CallResult.Done(call, answer.callKey(), screening);
        } catch (LlmException e) {
            return without(call, e);
        } catch (RuntimeException e) {
            return new CallResult.Broken(call, e);
        }
    }

    private static CallResult without(PlannedCall call, LlmException fault) {
        String message = String.valueOf(fault.getMessage());
        return switch (fault.kind()) {
            case MISCONFIGURED -> new CallResult.Hopeless(call, message);
            case REFUSED -> new CallResult.Done(call, null, Screening.nothing("call-refused"));
            case UNAVAILABLE -> new CallResult.Postponed(call, message);
        };
    }

    long estimatedTokens(PlannedCall call) {
        return calls.estimatedTokens(brief.provider(), brief.ask(call));
    }
}

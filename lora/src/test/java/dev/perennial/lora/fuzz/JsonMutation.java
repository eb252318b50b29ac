package dev.perennial.lora.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import tools.jackson.core.StreamWriteConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ContainerNode;
import tools.jackson.databind.node.ObjectNode;

/** Changes a JSON document where its readers make decisions: values, types, keys, nesting. */
final class JsonMutation {
    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamWriteConstraints(StreamWriteConstraints.builder()
                            .maxNestingDepth(10_000)
                            .build())
                    .build())
            .build();

    /** What a reader may not expect, each as JSON. */
    private static final List<String> VALUES = List.of(
            "null",
            "true",
            "false",
            "-1",
            "0",
            "1",
            "2",
            "1.5",
            "1000",
            "2147483647",
            "2147483648",
            "4294967295",
            "9223372036854775807",
            "99999999999999999999",
            "1e308",
            "1e-320",
            "1e999",
            "-1e999",
            "\"\"",
            "\"x\"",
            "\" \"",
            "\"\\u0000\"",
            "\"\\ud83d\\ude00\"",
            "\"../../etc\"",
            "\"[UNK]\"",
            "\"##\"",
            "[]",
            "{}",
            "[0]",
            "[\"a\",\"b\"]",
            "{\"type\":\"Sequence\"}",
            "{\"type\":\"Unknown\"}",
            "{\"String\":\"\"}",
            "{\"Regex\":\"\"}",
            "{\"Regex\":\"(a+)+$\"}",
            "{\"Regex\":\"(\"}");

    /** Parts of tokenizers, right and wrong ones. */
    private static final List<String> PARTS = List.of(
            "{'type':'Sequence','normalizers':[]}",
            "{'type':'Sequence','normalizers':[{'type':'NFD'},{'type':'Lowercase'},{'type':'StripAccents'}]}",
            "{'type':'Sequence','pretokenizers':[{'type':'Whitespace'},{'type':'Punctuation','behavior':'Isolated'}]}",
            "{'type':'Precompiled','precompiled_charsmap':''}",
            "{'type':'Precompiled','precompiled_charsmap':'AAAA'}",
            "{'type':'Precompiled','precompiled_charsmap':'BAAAAP////8='}",
            "{'type':'Precompiled','precompiled_charsmap':'CAAAAAEAAAD/////'}",
            "{'type':'Replace','pattern':{'String':''},'content':'x'}",
            "{'type':'Replace','pattern':{'Regex':'(a*)*b'},'content':'xxxxxxxx'}",
            "{'type':'Replace','pattern':{'Regex':''},'content':''}",
            "{'type':'Prepend','prepend':''}",
            "{'type':'Strip','strip_left':true,'strip_right':true}",
            "{'type':'Strip','content':'a','start':4294967295,'stop':1}",
            "{'type':'Split','pattern':{'Regex':'(?=(a|aa)+$)'},'behavior':'Isolated','invert':true}",
            "{'type':'Split','pattern':{'String':''},'behavior':'MergedWithNext','invert':false}",
            "{'type':'ByteLevel','add_prefix_space':true,'trim_offsets':true,'use_regex':true}",
            "{'type':'Metaspace','replacement':'xx','prepend_scheme':'always','split':true}",
            "{'type':'Metaspace','replacement':'_','prepend_scheme':'first','split':true}",
            "{'type':'CharDelimiterSplit','delimiter':'a'}",
            "{'type':'Digits','individual_digits':true}",
            "{'type':'FixedLength','length':0}",
            "{'type':'UnicodeScripts'}",
            "{'type':'RobertaProcessing','sep':['',4294967295],'cls':['',4294967295],'trim_offsets':true,'add_prefix_space':true}",
            "{'type':'BertProcessing','sep':['[SEP]',3],'cls':['[CLS]',2]}",
            "{'type':'TemplateProcessing','single':[],'pair':[],'special_tokens':{}}",
            "{'type':'TemplateProcessing','single':['$A','$A','$A'],'pair':['$A','$B'],'special_tokens':{}}",
            "{'type':'BPE','vocab':{'a':0,'##':1},'merges':[['a','##']],'continuing_subword_prefix':'####'}",
            "{'type':'BPE','vocab':{'a':0,'b':1,'ab':2},'merges':['a b'],'dropout':2.0}",
            "{'type':'BPE','vocab':{'a':0,'b':1,'é':2,'aé':3},'merges':['a é'],'continuing_subword_prefix':'x'}",
            "{'type':'BPE','vocab':{},'merges':[],'byte_fallback':true,'unk_token':'x','fuse_unk':true}",
            "{'type':'Unigram','unk_id':0,'vocab':[['a',0.0],['',-1e308],['b',1e308]],'byte_fallback':true}",
            "{'type':'Unigram','unk_id':null,'vocab':[['a',0.0]]}",
            "{'type':'Unigram','unk_id':7,'vocab':[]}",
            "{'type':'Unigram','unk_id':0,'vocab':[]}",
            "{'type':'WordLevel','vocab':{'a':0},'unk_token':'b'}",
            "{'type':'WordPiece','vocab':{'a':0},'unk_token':'b','max_input_chars_per_word':0,'continuing_subword_prefix':''}",
            "{'direction':'Right','max_length':0,'strategy':'LongestFirst','stride':9}",
            "{'direction':'Left','max_length':3,'strategy':'OnlySecond','stride':3}",
            "{'strategy':{'Fixed':4294967295},'direction':'Right','pad_to_multiple_of':0,'pad_id':0,'pad_type_id':0,'pad_token':'x'}",
            "{'id':4294967295,'content':'my','single_word':false,'lstrip':true,'rstrip':true,'normalized':true,'special':true}",
            "{'id':0,'content':'','single_word':true,'lstrip':false,'rstrip':false,'normalized':true,'special':false}");

    private final Random random;

    JsonMutation(Random random) {
        this.random = random;
    }

    byte[] apply(byte[] json) {
        JsonNode root = JSON.readTree(json);
        for (int edits = 1 + random.nextInt(3); edits > 0; edits--) {
            if (root instanceof ContainerNode<?> container && !container.isEmpty()) {
                edit(container);
            }
        }
        return JSON.writeValueAsString(root).getBytes(StandardCharsets.UTF_8);
    }

    /** Goes down from the root by chance, so that a file's few decisions are met as often as its many entries. */
    private void edit(ContainerNode<?> node) {
        List<ContainerNode<?>> below = new ArrayList<>();
        for (JsonNode child : node) {
            if (child instanceof ContainerNode<?> container && !container.isEmpty()) {
                below.add(container);
            }
        }
        if (!below.isEmpty() && random.nextInt(4) > 0) {
            edit(below.get(random.nextInt(below.size())));
        } else if (node instanceof ObjectNode object) {
            editObject(object);
        } else {
            editArray((ArrayNode) node);
        }
    }

    private void editObject(ObjectNode object) {
        List<String> names = new ArrayList<>(object.propertyNames());
        String name = names.get(random.nextInt(names.size()));
        JsonNode old = object.get(name);
        switch (random.nextInt(5)) {
            case 0 -> object.remove(name);
            case 1 -> {
                object.remove(name);
                object.set(name + (random.nextBoolean() ? "x" : "\u0000"), old);
            }
            case 2 -> object.set(names.get(random.nextInt(names.size())), old.deepCopy());
            default -> object.set(name, value(old));
        }
    }

    private void editArray(ArrayNode array) {
        int index = random.nextInt(array.size());
        switch (random.nextInt(4)) {
            case 0 -> array.remove(index);
            case 1 -> array.add(array.get(index).deepCopy());
            default -> array.set(index, value(array.get(index)));
        }
    }

    private JsonNode value(JsonNode old) {
        return switch (random.nextInt(8)) {
            case 0, 1, 2 -> JSON.readTree(VALUES.get(random.nextInt(VALUES.size())));
            case 3, 4, 5 ->
                JSON.readTree(PARTS.get(random.nextInt(PARTS.size())).replace('\'', '"'));
            case 6 -> nested(old);
            default -> old.isNumber() ? JSON.readTree("" + random.nextLong()) : JSON.readTree("\"" + text() + '"');
        };
    }

    /** The same many levels further down, in lists or in the sequences of a tokenizer. */
    private JsonNode nested(JsonNode old) {
        JsonNode result = old.deepCopy();
        boolean lists = random.nextBoolean();
        String list = random.nextBoolean() ? "normalizers" : "pretokenizers";
        for (int depth = 1 << random.nextInt(9); depth > 0; depth--) {
            ArrayNode wrapper = JSON.createArrayNode().add(result);
            result = lists
                    ? wrapper
                    : JSON.createObjectNode().put("type", "Sequence").set(list, wrapper);
        }
        return result;
    }

    private String text() {
        return "ab ".repeat(1 << random.nextInt(12));
    }
}

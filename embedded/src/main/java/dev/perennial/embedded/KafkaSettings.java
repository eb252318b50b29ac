package dev.perennial.embedded;

import java.nio.file.Path;
import java.util.Properties;

/** Broker settings for one KRaft node that holds every role and every replica. */
final class KafkaSettings {
    static final int NODE_ID = 1;
    static final String CONTROLLER_LISTENER = "CONTROLLER";
    private static final String BROKER_LISTENER = "BROKER";
    private static final String LOOPBACK = "127.0.0.1";

    private KafkaSettings() {}

    static Properties of(Path logDirectory, int brokerPort, int controllerPort) {
        Properties settings = new Properties();
        identity(settings, logDirectory, brokerPort, controllerPort);
        singleReplica(settings);
        durability(settings);
        quickRestart(settings);
        smallFootprint(settings);
        return settings;
    }

    private static void identity(Properties settings, Path logDirectory, int brokerPort, int controllerPort) {
        settings.setProperty("process.roles", "broker,controller");
        settings.setProperty("node.id", Integer.toString(NODE_ID));
        settings.setProperty("controller.quorum.voters", NODE_ID + "@" + LOOPBACK + ":" + controllerPort);
        settings.setProperty("controller.listener.names", CONTROLLER_LISTENER);
        settings.setProperty(
                "listeners",
                BROKER_LISTENER + "://" + LOOPBACK + ":" + brokerPort + "," + CONTROLLER_LISTENER + "://" + LOOPBACK
                        + ":" + controllerPort);
        settings.setProperty("inter.broker.listener.name", BROKER_LISTENER);
        settings.setProperty(
                "listener.security.protocol.map", BROKER_LISTENER + ":PLAINTEXT," + CONTROLLER_LISTENER + ":PLAINTEXT");
        settings.setProperty("log.dirs", logDirectory.toString());
    }

    private static void singleReplica(Properties settings) {
        settings.setProperty("default.replication.factor", "1");
        settings.setProperty("min.insync.replicas", "1");
        settings.setProperty("offsets.topic.replication.factor", "1");
        settings.setProperty("transaction.state.log.replication.factor", "1");
        settings.setProperty("transaction.state.log.min.isr", "1");
        settings.setProperty("share.coordinator.state.topic.replication.factor", "1");
        settings.setProperty("share.coordinator.state.topic.min.isr", "1");
    }

    /** A killed process loses nothing (the page cache stays); these bound what a crash of the machine can lose. */
    private static void durability(Properties settings) {
        settings.setProperty("log.flush.interval.ms", "1000");
        settings.setProperty("log.flush.scheduler.interval.ms", "1000");
        settings.setProperty("auto.create.topics.enable", "false");
    }

    /**
     * After a kill the controller turns the broker's new life away until the session of the old one has ended. Much
     * shorter, and a machine whose processors are all busy misses heartbeats.
     */
    private static void quickRestart(Properties settings) {
        settings.setProperty("broker.session.timeout.ms", "6000");
        settings.setProperty("broker.heartbeat.interval.ms", "1500");
    }

    private static void smallFootprint(Properties settings) {
        settings.setProperty("offsets.topic.num.partitions", "1");
        settings.setProperty("transaction.state.log.num.partitions", "1");
        settings.setProperty("share.coordinator.state.topic.num.partitions", "1");
        settings.setProperty("group.initial.rebalance.delay.ms", "0");
        settings.setProperty("log.cleaner.threads", "1");
        settings.setProperty("log.cleaner.dedupe.buffer.size", "4194304");
        settings.setProperty("log.index.size.max.bytes", "2097152");
        settings.setProperty("log.segment.bytes", "134217728");
        settings.setProperty("num.network.threads", "2");
        settings.setProperty("num.io.threads", "4");
        settings.setProperty("background.threads", "2");
        settings.setProperty("num.recovery.threads.per.data.dir", "2");
    }
}

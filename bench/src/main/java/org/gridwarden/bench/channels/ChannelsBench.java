package org.gridwarden.bench.channels;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code bench channels}: one metering load over every channel, side by side. */
@Command(
    name = "channels",
    description = {
      "One metering load over every channel: meters tell their usage, a warning now and then, and"
          + " obey an order with a receipt. Bytes by layer, latencies, loss, outage, energy.",
      "The link is made here: meters and office stand in network namespaces of their own, which"
          + " takes root; otherwise all is measured over loopback, unshaped.",
      "",
    },
    footer = {
      "",
      "Examples:",
      "  ./gridwarden bench channels --link nb-iot --html channels.html",
      "  ./gridwarden bench channels --channels mqtt,coap --qos all --loss 0.1 --delay 100",
      "  ./gridwarden bench channels --link lte --outage 60s --html lte.html --csv lte.csv",
      "",
      "docs/testbed.md says what is measured, and where it is a model.",
    })
public final class ChannelsBench implements Callable<Integer> {
  @CommandLine.Spec CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Option(
      names = "--channels",
      paramLabel = "NAMES",
      defaultValue = "all",
      description =
          "With commas: dlms, http-polling, http, websocket, wamp, mqtt, amqp, coap, xmpp, sip, zigbee"
              + " (a model), one variant such as mqtt-qos1, or all. Default: ${DEFAULT-VALUE}.")
  String channels = "all";

  @Option(
      names = "--qos",
      paramLabel = "NAMES",
      defaultValue = "all",
      description =
          "With commas: 0, 1, 2 of MQTT and AMQP, con, non of CoAP, or all. Default:"
              + " ${DEFAULT-VALUE}.")
  String qos = "all";

  @Option(
      names = "--meters",
      paramLabel = "N",
      defaultValue = "50",
      description = "How many on each channel. Default: ${DEFAULT-VALUE}.")
  int meters = 50;

  @Option(
      names = "--link",
      paramLabel = "NAME",
      description =
          "powerline, rf-mesh, nb-iot, lte or fibre. Default: nothing is held up or lost.")
  @Nullable String link;

  @Option(
      names = "--loss",
      paramLabel = "P",
      description = "The share of packets that is lost, 0 to 0.9; in place of the link's own.")
  @Nullable Double loss;

  @Option(
      names = "--delay",
      paramLabel = "MS",
      description = "One way, in milliseconds; in place of the link's own.")
  @Nullable Integer delay;

  @Option(
      names = "--rate",
      paramLabel = "KBIT",
      description = "Kilobits a second; in place of the link's own.")
  @Nullable Integer rate;

  @Option(
      names = "--every",
      paramLabel = "TIME",
      defaultValue = "5s",
      description = "Between two messages of a meter. Default: ${DEFAULT-VALUE}.")
  Duration every = Duration.ofSeconds(5);

  @Option(
      names = "--for",
      paramLabel = "TIME",
      defaultValue = "60s",
      description = "How long each channel's messages are measured. Default: ${DEFAULT-VALUE}.")
  Duration lasting = Duration.ofSeconds(60);

  @Option(
      names = "--idle",
      paramLabel = "TIME",
      defaultValue = "30s",
      description =
          "How long meters are connected first and tell nothing. Default: ${DEFAULT-VALUE}.")
  Duration idle = Duration.ofSeconds(30);

  @Option(
      names = "--orders",
      paramLabel = "N",
      defaultValue = "10",
      description = "How many orders are sent on each channel. Default: ${DEFAULT-VALUE}.")
  int orders = 10;

  @Option(
      names = "--outage",
      paramLabel = "TIME",
      defaultValue = "0s",
      description = "How long the link is down once, after the orders. Default: not at all.")
  Duration outage = Duration.ZERO;

  @Option(
      names = "--flood",
      paramLabel = "TIME",
      defaultValue = "10s",
      description =
          "How long the greatest rate of messages is looked for, over loopback. Default:"
              + " ${DEFAULT-VALUE}.")
  Duration flood = Duration.ofSeconds(10);

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "1",
      description = "What the link loses follows from it. Default: ${DEFAULT-VALUE}.")
  long seed = 1;

  @Option(
      names = "--tls",
      paramLabel = "on|off",
      defaultValue = "off",
      description =
          "On: TLS 1.3 on every connection, both ends showing certificates. XMPP has TLS, and"
              + " coap-oscore and coap-dtls have their own, in any case. Default: ${DEFAULT-VALUE}.")
  String tls = "off";

  @Option(names = "--loopback", description = "Over loopback, unshaped, in any case.")
  boolean loopback;

  @Option(names = "--json", description = "One JSON object on standard output.")
  boolean json;

  @Option(
      names = "--html",
      paramLabel = "FILE",
      description = "Writes the report as one page, and its figures beside it as CSV.")
  @Nullable Path html;

  @Option(
      names = "--csv",
      paramLabel = "FILE",
      description = "Writes the figures as CSV, to this file.")
  @Nullable Path csv;

  @Option(
      names = "--pcap",
      paramLabel = "FOLDER",
      description = "Writes a capture a variant: what left meters and office, lost or not.")
  @Nullable Path pcap;

  @Override
  public Integer call() throws Exception {
    // before the first logger: a benchmark's terminal shows figures, and what goes wrong
    System.setProperty("logback.configurationFile", "org/gridwarden/bench/logback.xml");
    return new ChannelsRun(this).run();
  }
}

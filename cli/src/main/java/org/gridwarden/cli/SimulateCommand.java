package org.gridwarden.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The simulated street alone, against any head-end. */
@Command(
    name = "simulate",
    description = {
      "A street of virtual meters that push to a head-end, over DLMS or other channels: ciphered,"
          + " confirmed, each with its own keys, clock and household.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  ./gridwarden keys office > office.pem",
      "  ./gridwarden simulate --meters 500 --seed 7 --office-key office.pem --shipment street.csv",
      "  ./gridwarden meters import street.csv",
      "  ./gridwarden simulate --meters 500 --seed 7 --to 127.0.0.1:4059 --for 10m",
      "",
      "By TLS, with certificates of the office's own:",
      "  ./gridwarden certificates ca > root.pem",
      "  ./gridwarden certificates invite GW-0000001 GW-0000002 --json --user sam > invited.json",
      "  ./gridwarden simulate --meters 2 --seed 7 --to localhost:4060 --est localhost:8447"
          + " --root root.pem --invitations invited.json",
      "The same in datagrams, by DTLS: add --dtls.",
      "",
      "Meters of other channels, each pushing to its channel's usual port of the same host, or to"
          + " another address:",
      "  ./gridwarden simulate --meters 40 --channels mqtt,coap --state street --office-key office.pem"
          + " --shipment street.csv",
      "  ./gridwarden meters import street-mqtt.csv",
      "  ./gridwarden meters import street-coap.csv",
      "  ./gridwarden simulate --meters 40 --channels mqtt,coap=127.0.0.1:15683 --state street"
          + " --to 127.0.0.1:4059",
      "",
      "A model of a Zigbee dongle at /tmp/dongle, and five meters:",
      "  ./gridwarden simulate --zigbee 5 --pty /tmp/dongle --labels labels.csv --seed 7",
      "",
      "With --seed the keys can be made by everybody who knows the seed: for tests only. To come",
      "back with the same meters and unused counters, give the same --state file each time.",
    })
final class SimulateCommand implements Callable<Integer> {
  @CommandLine.Spec CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @CommandLine.Mixin StreetOptions street = new StreetOptions();

  @Option(names = "--to", paramLabel = "HOST:PORT", description = "The head-end.")
  @Nullable String to;

  @Option(
      names = "--channels",
      paramLabel = "NAME[=HOST:PORT],...",
      defaultValue = "dlms",
      description = {
        "What the meters speak, shared out evenly: dlms, mqtt, coap, http, websocket,"
            + " amqp, sip, or all."
            + " Default: ${DEFAULT-VALUE}.",
        "With more than one, each but dlms has files of its own: street.csv is street-mqtt.csv.",
      })
  String channels = "dlms";

  @Option(
      names = "--group",
      paramLabel = "ADDRESS:PORT",
      description =
          "Meters over coap also hear what is said to this multicast group, as 'command call' does;"
              + " with --on, and --operators whom they obey.")
  @Nullable String group;

  @Option(
      names = "--on",
      paramLabel = "INTERFACE",
      description = "The network interface on which the group is joined, such as eth0.")
  @Nullable String on;

  @Option(names = "--seed", paramLabel = "S", description = "The same street again; tests only.")
  @Nullable Long seed;

  @Option(
      names = "--state",
      paramLabel = "FILE",
      description = "Keeps the street's secret and counters, so that it can go on after a restart.")
  @Nullable Path state;

  @Option(
      names = "--shipment",
      paramLabel = "FILE",
      description = "Write the meters' shipment file here; with --office-key.")
  @Nullable Path shipment;

  @Option(
      names = "--office-key",
      paramLabel = "PEM",
      description = "The office's public key, to which the meters' keys are wrapped.")
  @Nullable Path officeKey;

  @Option(
      names = "--patience",
      paramLabel = "TIME",
      defaultValue = "10s",
      description =
          "How long a meter waits for a confirmation before it sends the same again."
              + " Default: ${DEFAULT-VALUE}.")
  Duration patience = Duration.ofSeconds(10);

  @Option(
      names = "--udp",
      description = "Push over UDP, unconfirmed, in the place of TCP and confirmed.")
  boolean udp;

  @Option(
      names = "--dtls",
      description = "Push over UDP under DTLS, confirmed; with --est and --root.")
  boolean dtls;

  @Option(
      names = "--connect-each",
      description = "A new connection for each push; the usual for more than 1,000 meters.")
  boolean connectEach;

  @Option(
      names = "--skewed",
      paramLabel = "N",
      defaultValue = "0",
      description = "So many meters' clocks are ten minutes off.")
  int skewed;

  @Option(
      names = "--journal",
      paramLabel = "FILE",
      description = "Append every confirmed push to this file.")
  @Nullable Path journal;

  @Option(
      names = "--operators",
      paramLabel = "FOLDER",
      description =
          "The meters obey commands that are signed by the operators whose public keys stand in this"
              + " folder, each called by its key's id: 0123456789abcdef.pem.")
  @Nullable Path operators;

  @Option(
      names = "--est",
      paramLabel = "HOST:PORT",
      description = "Come by TLS; meters without a certificate enrol there. With --root.")
  @Nullable String est;

  @Option(
      names = "--root",
      paramLabel = "PEM",
      description = "The office's root certificate, which the meters trust.")
  @Nullable Path root;

  @Option(
      names = "--invitations",
      paramLabel = "FILE",
      description = "The secrets to enrol with: what 'certificates invite --json' printed.")
  @Nullable Path invitations;

  @Option(
      names = "--certificates",
      paramLabel = "FOLDER",
      description = "Keeps the meters' keys and certificates, so that they need no secret again.")
  @Nullable Path certificates;

  @Option(
      names = "--zigbee",
      paramLabel = "N",
      description =
          "In the place of all that: a software model of a Zigbee dongle and so many meters around"
              + " it; with --pty. Of the other options --seed, --state, --operators, --shipment,"
              + " --every and --for are heeded.")
  @Nullable Integer zigbee;

  @Option(
      names = "--strips",
      paramLabel = "M",
      defaultValue = "0",
      description =
          "With --zigbee: so many power strips, too, with a fridge, a kettle, a television and a"
              + " washing machine in their outlets.")
  int strips;

  @Option(
      names = "--pty",
      paramLabel = "PATH",
      description = "Where the model's serial port is to appear; by socat.")
  @Nullable Path pty;

  @Option(
      names = "--labels",
      paramLabel = "FILE",
      description =
          "Write what is printed on the model's meters here: address, install code, meter.")
  @Nullable Path labels;

  @Option(
      names = "--coordinator",
      paramLabel = "FOLDER",
      description =
          "Give the model's dongle and meters certificates of a test authority, the dongle's as"
              + " files in this folder: the coordinator's, so that link keys are established.")
  @Nullable Path coordinator;

  @Option(
      names = "--hand",
      description =
          "What is done to the model's meters is read from standard input, a line each: open METER"
              + " (its casing), close METER, leave METER (the network), join METER.")
  boolean hand;

  @Override
  public Integer call() throws Exception {
    if (zigbee != null || pty != null) {
      return new SimulateZigbeeRun(this).run();
    }
    return new SimulateRun(this).run();
  }
}

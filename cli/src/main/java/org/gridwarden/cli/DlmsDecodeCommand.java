package org.gridwarden.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.gridwarden.dlms.DlmsKeys;
import org.gridwarden.dlms.MeterProfile;
import org.gridwarden.dlms.PushLayouts;
import org.gridwarden.dlms.capture.CaptureDecoder;
import org.gridwarden.dlms.capture.CaptureEvent;
import org.gridwarden.dlms.capture.CaptureSettings;
import org.gridwarden.dlms.capture.Followed;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows what bytes from a meter, or between a meter and its client, say. */
@Command(
    name = "decode",
    description = {
      "Shows what meters and their clients say: HDLC, wrapper, M-Bus or bare APDUs, ciphered or",
      "plain; one frame, many, or a whole conversation.",
      "",
      "The input is one of: hexadecimal text (white space, colons and hyphens between bytes"
          + " allowed);",
      "the bytes themselves; a capture file of tcpdump or Wireshark (pcap, pcapng); a log of",
      "hexadecimal lines with their directions (> and <, TX and RX, SEND and RECV), with or"
          + " without",
      "times. In a conversation, answers are shown with what was asked, blocks are joined, and"
          + " system",
      "titles and dedicated keys are learned from the association's opening.",
      "",
      "What is damaged is told on standard error, with its place, and the rest is still shown."
    },
    footer = {
      "",
      "A key is hexadecimal digits, file:PATH or env:NAME. A command line can be seen by others on",
      "the machine: better put keys into a file, or into GRIDWARDEN_DLMS_KEY and",
      "GRIDWARDEN_DLMS_AUTH_KEY. Without the authentication key all is decrypted all the same, and",
      "marked as not authenticated. No password and no key of a conversation is ever printed.",
      "",
      "Exit code 2 where anything was damaged, missing or not genuine.",
      "",
      "Examples:",
      "  ./gridwarden dlms decode push.hex",
      "  ./gridwarden dlms decode --key file:meter.key --auth-key file:meter.auth --json push.bin",
      "  ./gridwarden dlms decode --key env:METER_KEY --auth-key env:METER_AUTH session.pcap",
      "  tcpdump -i eth0 -U -w - tcp port 4059 | ./gridwarden dlms decode -",
      "  cat /dev/ttyUSB0 | ./gridwarden dlms decode --key env:METER_KEY -",
    })
final class DlmsDecodeCommand implements Callable<Integer> {
  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Parameters(paramLabel = "FILE", description = "The input; - for standard input.")
  private String file = "";

  @Option(names = "--key", paramLabel = "KEY", description = "The encryption key (GUEK).")
  private @Nullable String key;

  @Option(
      names = "--auth-key",
      paramLabel = "KEY",
      description = "The authentication key (GAK); checks that nothing was changed.")
  private @Nullable String authKey;

  @Option(
      names = "--broadcast-key",
      paramLabel = "KEY",
      description = "The broadcast encryption key (GBEK).")
  private @Nullable String broadcastKey;

  @Option(
      names = "--dedicated-key",
      paramLabel = "KEY",
      description = "An association's dedicated key.")
  private @Nullable String dedicatedKey;

  @Option(
      names = "--system-title",
      paramLabel = "HEX",
      description = "The meter's system title, for APDUs that do not name it.")
  private @Nullable String systemTitle;

  @Option(
      names = "--client-title",
      paramLabel = "HEX",
      description = "The client's, where the capture lacks the association's opening.")
  private @Nullable String clientTitle;

  @Option(
      names = "--profile",
      paramLabel = "NAME",
      defaultValue = "generic",
      description = "The meter's profile. Default: ${DEFAULT-VALUE}.")
  private String profile = "generic";

  @Option(
      names = "--layouts",
      paramLabel = "DIR",
      description = "A folder of layout and profile files (*.yaml) that come before the built-in.")
  private @Nullable Path layouts;

  @Option(names = "--json", description = "One JSON object a message, each on a line of its own.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    PushLayouts all = layouts();
    MeterProfile habits =
        all.profile(profile)
            .orElseThrow(() ->
                new Failure(
                    "--profile: there is no '"
                        + profile
                        + "'; there are "
                        + String.join(", ", all.profileNames()),
                    Gridwarden.WRONG_INPUT));
    byte[] meter = KeyArgument.bytes("--system-title", systemTitle, null, 8);
    byte[] client = KeyArgument.bytes("--client-title", clientTitle, null, 8);
    Optional<DlmsKeys> keys = keys();
    CaptureDecoder decoder =
        new CaptureDecoder(new CaptureSettings(keys, meter, client, all, habits));
    Shown shown = new Shown(spec.commandLine().getOut(), spec.commandLine().getErr());
    try (InputStream in = open()) {
      decoder.read(in, shown::take);
    } finally {
      keys.ifPresent(DlmsKeys::close);
    }
    return shown.end();
  }

  /** Prints what is found as it is found. */
  private final class Shown {
    private final PrintWriter out;
    private final PrintWriter err;
    private final ConversationText text;
    private boolean damaged;
    private boolean locked;

    Shown(PrintWriter out, PrintWriter err) {
      this.out = out;
      this.err = err;
      this.text = new ConversationText(out);
    }

    void take(CaptureEvent event) {
      switch (event) {
        case CaptureEvent.Problem(String place, String what) -> {
          damaged = true;
          err.println("gridwarden: " + (place.isEmpty() ? "" : place + ": ") + what);
          err.flush();
        }
        case CaptureEvent.Note(String what) -> {
          err.println("gridwarden: note: " + what);
          err.flush();
        }
        case CaptureEvent.Said(Followed message) -> {
          locked |= DecodedText.isLocked(message.message());
          if (json) {
            out.println(message.json());
          } else if (message.isBarePush()) {
            DecodedText.print(out, message.message());
          } else {
            text.print(message);
          }
          out.flush();
        }
      }
    }

    int end() {
      if (locked) {
        err.println("gridwarden: to see inside, give the meter's encryption key with --key");
      }
      err.flush();
      return damaged ? Gridwarden.WRONG_INPUT : Gridwarden.OK;
    }
  }

  private PushLayouts layouts() {
    Path folder = layouts;
    if (folder == null) {
      return PushLayouts.builtIn();
    }
    try {
      return PushLayouts.builtIn().with(folder);
    } catch (IOException e) {
      throw new Failure("--layouts: cannot read " + e.getMessage(), Gridwarden.WRONG_INPUT);
    } catch (IllegalArgumentException e) {
      throw new Failure("--layouts: " + e.getMessage(), Gridwarden.WRONG_INPUT);
    }
  }

  private Optional<DlmsKeys> keys() {
    byte[] encryption = KeyArgument.bytes("--key", key, "GRIDWARDEN_DLMS_KEY", 16, 32);
    byte[] authentication =
        KeyArgument.bytes("--auth-key", authKey, "GRIDWARDEN_DLMS_AUTH_KEY", 16, 32);
    byte[] broadcast = KeyArgument.bytes("--broadcast-key", broadcastKey, null, 16, 32);
    byte[] dedicated = KeyArgument.bytes("--dedicated-key", dedicatedKey, null, 16, 32);
    if (encryption.length + authentication.length + broadcast.length + dedicated.length == 0) {
      return Optional.empty();
    }
    return Optional.of(
        DlmsKeys.of(encryption, authentication).withBroadcast(broadcast).withDedicated(dedicated));
  }

  private InputStream open() throws IOException {
    if (file.equals("-")) {
      return System.in;
    }
    try {
      return Files.newInputStream(Path.of(file));
    } catch (NoSuchFileException _) {
      throw new Failure(
          file + ": there is no such file; - reads standard input", Gridwarden.WRONG_INPUT);
    } catch (IOException e) {
      throw new Failure(file + ": cannot be read: " + e.getMessage(), Gridwarden.WRONG_INPUT);
    }
  }
}

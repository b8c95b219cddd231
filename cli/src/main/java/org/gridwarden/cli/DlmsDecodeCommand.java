package org.gridwarden.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.gridwarden.dlms.DlmsDecoder;
import org.gridwarden.dlms.DlmsKeys;
import org.gridwarden.dlms.HexInput;
import org.gridwarden.dlms.MeterProfile;
import org.gridwarden.dlms.PushLayouts;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows what bytes from a meter say. */
@Command(
    name = "decode",
    description = {
      "Shows what a meter sent: HDLC, wrapper, M-Bus or bare APDUs, ciphered or plain.",
      "",
      "The input is hexadecimal text (white space, colons and hyphens between bytes allowed) or the",
      "bytes themselves; one frame or many. What is damaged is told on standard error, with its place,",
      "and the rest is still shown."
    },
    footer = {
      "",
      "A key is hexadecimal digits, file:PATH or env:NAME. A command line can be seen by others on",
      "the machine: better put keys into a file, or into GRIDWARDEN_DLMS_KEY and",
      "GRIDWARDEN_DLMS_AUTH_KEY. Without the authentication key the push is decrypted all the same,",
      "and marked as not authenticated.",
      "",
      "Examples:",
      "  ./gridwarden dlms decode push.hex",
      "  ./gridwarden dlms decode --key file:meter.key --auth-key file:meter.auth --json push.bin",
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
    byte[] title = KeyArgument.bytes("--system-title", systemTitle, null, 8);
    Optional<DlmsKeys> keys = keys();
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    int[] problems = {0};
    boolean[] locked = {false};
    DlmsDecoder decoder = new DlmsDecoder(keys, title, all, habits);
    try (InputStream in = open();
        HexInput bytes =
            new HexInput(
                in,
                what -> {
                  problems[0]++;
                  err.println("gridwarden: " + what);
                })) {
      decoder.decode(
          bytes,
          result -> {
            switch (result) {
              case DlmsDecoder.Result.Problem(long offset, String what) -> {
                problems[0]++;
                err.println("gridwarden: frame at byte " + offset + ": " + what);
                err.flush();
              }
              case DlmsDecoder.Result.Message message -> {
                locked[0] |= DecodedText.isLocked(message);
                if (json) {
                  out.println(message.json());
                } else {
                  DecodedText.print(out, message);
                }
                out.flush();
              }
            }
          });
    } finally {
      keys.ifPresent(DlmsKeys::close);
    }
    if (locked[0]) {
      err.println("gridwarden: to see inside, give the meter's encryption key with --key");
    }
    err.flush();
    return problems[0] == 0 ? Gridwarden.OK : Gridwarden.WRONG_INPUT;
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

package org.gridwarden.cli;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Supplier;
import org.gridwarden.core.Action;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Commands to meters: given here, in their operator's name and under their operator's key. */
@Command(
    name = "command",
    description =
        "Gives commands to meters, releases those of others, and follows them to the meters'"
            + " receipts. All but list, show and policy is done by a person: --user NAME.",
    subcommands = {
      CommandListCommand.class,
      CommandShowCommand.class,
      CommandApproveCommand.class,
      CommandRefuseCommand.class,
      CommandSignCommand.class,
      CommandPolicyCommand.class,
      CommandProtectCommand.class,
      CommandUnprotectCommand.class,
      CommandKeyCommand.class,
      CommandTrustCommand.class,
      CommandCallCommand.class
    },
    footer = {
      "",
      "Examples:",
      "  ./gridwarden command key new olivia.p12",
      "  ./gridwarden command key request --key olivia.p12 --user olivia",
      "  ./gridwarden command disconnect GW-0000017 --dry-run --user olivia",
      "  ./gridwarden command disconnect GW-0000017 --reason 'unpaid' --user olivia"
          + " --key olivia.p12 --wait 60s",
      "  ./gridwarden command list --state quarantined",
      "  ./gridwarden command approve 01a214ce-8b4e-7a60-be45-4d15a06df4ca --user peter",
      "  ./gridwarden command set-tariff GW-0000017 --calendar winter --content winter.bin"
          + " --dry-run --user olivia",
      "  ./gridwarden command update-firmware GW-0000017 --to 2.0.1 --image fw.bin"
          + " --reason 'security fix' --user olivia",
      "  ./gridwarden command unprotect GW-0000017 --reason 'moved away' --user olivia",
    })
final class CommandCommand implements Runnable {
  private static final int LARGEST_CALENDAR = 32 << 10;
  private static final int LARGEST_IMAGE = 64 << 20;

  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  /** Without a verb: the help. */
  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  @Command(name = "disconnect", description = "Opens the breaker: the consumer has no power.")
  int disconnect(
      @Mixin GiveOptions give,
      @Option(
              names = "--outlet",
              paramLabel = "N",
              description = "Of a power strip this outlet alone; a second person approves it.")
          @Nullable Integer outlet) {
    return give(give, () -> outlet == null ? new Action.Disconnect() : outlet(outlet, false));
  }

  /** The output state of the disconnect control whose channel is the outlet, as a boolean. */
  private static Action outlet(int number, boolean on) {
    if (number < 1 || number > 64) {
      throw new IllegalArgumentException("--outlet is 1 to 64");
    }
    return new Action.Configure(
        "0." + number + ".96.3.10.255:70:2", new byte[] {0x03, (byte) (on ? 1 : 0)});
  }

  @Command(
      name = "connect",
      description =
          "Closes the breaker, or, where the meter's control mode wants it, lets the consumer"
              + " close it.")
  int connect(
      @Mixin GiveOptions give,
      @Option(
              names = "--outlet",
              paramLabel = "N",
              description = "Of a power strip this outlet alone; a second person approves it.")
          @Nullable Integer outlet) {
    return give(give, () -> outlet == null ? new Action.Connect() : outlet(outlet, true));
  }

  @Command(name = "arm", description = "Lets the consumer close the breaker by hand.")
  int arm(@Mixin GiveOptions give) {
    return give(give, Action.Arm::new);
  }

  @Command(name = "limit-load", description = "Limits the power for a time.")
  int limitLoad(
      @Mixin GiveOptions give,
      @Option(
              names = "--watts",
              required = true,
              paramLabel = "N",
              description = "What is allowed, 0 to 1,000,000 W.")
          long watts,
      @Option(
              names = "--for",
              required = true,
              paramLabel = "TIME",
              description = "How long, as 2h or 30m.")
          Duration lasting) {
    return give(give, () -> new Action.LimitLoad(watts, lasting));
  }

  @Command(name = "set-price", description = "Sets the price of a kilowatt-hour.")
  int setPrice(
      @Mixin GiveOptions give,
      @Option(
              names = "--price",
              required = true,
              paramLabel = "DECIMAL",
              description = "In the currency's unit, at most six places.")
          String price,
      @Option(
              names = "--currency",
              required = true,
              paramLabel = "CODE",
              description = "Three letters, as EUR.")
          String currency,
      @Option(
              names = "--from",
              paramLabel = "WHEN",
              description = "From when on: an instant, or from now on as 2h. Default: now.")
          @Nullable String from) {
    Instant begin = GiveOptions.when("--from", from == null ? "0s" : from);
    return give(give, () -> new Action.SetPrice(micro(price), currency, begin));
  }

  @Command(name = "set-tariff", description = "Sets the times of the tariff, a calendar.")
  int setTariff(
      @Mixin GiveOptions give,
      @Option(
              names = "--calendar",
              required = true,
              paramLabel = "NAME",
              description = "The activity calendar's name, at most 32 characters.")
          String calendar,
      @Option(
              names = "--content",
              required = true,
              paramLabel = "FILE",
              description = "Its encoded content, as the meter's companion profile has it.")
          Path content,
      @Option(
              names = "--from",
              paramLabel = "WHEN",
              description = "From when on: an instant, or from now on as 2h. Default: now.")
          @Nullable String from) {
    Instant begin = GiveOptions.when("--from", from == null ? "0s" : from);
    byte[] bytes = bytes(content, LARGEST_CALENDAR);
    return give(give, () -> new Action.SetTariff(calendar, bytes, begin));
  }

  @Command(
      name = "update-firmware",
      description =
          "Transfers and activates firmware. The image is named by its version and its hash; the"
              + " server must have taken it in (firmware image add). Many meters are better brought"
              + " to it ring by ring: firmware campaign start.")
  int updateFirmware(
      @Mixin GiveOptions give,
      @Option(
              names = "--to",
              required = true,
              paramLabel = "VERSION",
              description = "The image's version, as 2.0.1.")
          String version,
      @ArgGroup(multiplicity = "1") Image image) {
    return give(give, () -> new Action.UpdateFirmware(version, image.hash()));
  }

  /** The image, by its file or by its hash. */
  static final class Image {
    @Option(
        names = "--image",
        required = true,
        paramLabel = "FILE",
        description = "The image itself, of which the hash is taken.")
    private @Nullable Path file;

    @Option(
        names = "--sha256",
        required = true,
        paramLabel = "HEX",
        description = "Or its hash, 64 hexadecimal digits: see firmware image list.")
    private @Nullable String hex;

    byte[] hash() {
      if (file != null) {
        try {
          return MessageDigest.getInstance("SHA-256").digest(bytes(file, LARGEST_IMAGE));
        } catch (NoSuchAlgorithmException e) {
          throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
      }
      try {
        return HexFormat.of().parseHex(hex == null ? "" : hex.strip());
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("--sha256 is 64 hexadecimal digits", e);
      }
    }
  }

  private static byte[] bytes(Path file, int most) {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] all = in.readNBytes(most + 1);
      if (all.length > most) {
        throw new Failure(file + " has more than " + most + " bytes", Gridwarden.WRONG_INPUT);
      }
      return all;
    } catch (IOException e) {
      throw new Failure("cannot read " + e.getMessage(), Gridwarden.WRONG_INPUT);
    }
  }

  @Command(name = "set-clock", description = "Sets the clock to the office's time.")
  int setClock(@Mixin GiveOptions give) {
    return give(give, Action.SetClock::new);
  }

  @Command(name = "read", description = "Reads the registers now.")
  int read(@Mixin GiveOptions give) {
    return give(give, Action.Read::new);
  }

  @Command(
      name = "change-keys",
      description = "Gives the meter new keys; the old ones are kept until it confirms them.")
  int changeKeys(@Mixin GiveOptions give) {
    return give(give, () -> new Action.ChangeKeys(List.of()));
  }

  @Command(name = "configure", description = "Sets an attribute of an object.")
  int configure(
      @Mixin GiveOptions give,
      @Option(
              names = "--attribute",
              required = true,
              paramLabel = "OBIS:CLASS:ATTRIBUTE",
              description = "Which, as 0.0.96.3.10.255:70:4.")
          String attribute,
      @Option(
              names = "--value",
              required = true,
              paramLabel = "BASE64",
              description = "Its encoded value, base64.")
          String value) {
    return give(give, () -> new Action.Configure(attribute, value(value)));
  }

  private static byte[] value(String base64) {
    try {
      return Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("--value is base64: " + e.getMessage(), e);
    }
  }

  private static long micro(String price) {
    if (!price.matches("-?[0-9]{1,9}(\\.[0-9]{1,6})?")) {
      throw new IllegalArgumentException("a price is a decimal number with at most six places");
    }
    return new BigDecimal(price).movePointRight(6).longValueExact();
  }

  private int give(GiveOptions give, Supplier<Action> action) {
    Action what;
    try {
      what = action.get();
    } catch (IllegalArgumentException e) {
      throw new Failure(String.valueOf(e.getMessage()), Gridwarden.WRONG_INPUT);
    }
    return new GiveRun(give, spec.commandLine().getOut(), spec.commandLine().getErr()).run(what);
  }
}

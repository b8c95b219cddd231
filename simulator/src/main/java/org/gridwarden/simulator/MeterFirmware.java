package org.gridwarden.simulator;

import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Function;
import org.gridwarden.core.Action;
import org.gridwarden.core.CommandState;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.Service;
import org.gridwarden.dlms.objects.Data;
import org.gridwarden.dlms.objects.ImageJudge;
import org.gridwarden.dlms.objects.ImageTransfer;
import org.gridwarden.security.command.CommandException;
import org.gridwarden.security.command.FirmwareManifest;
import org.gridwarden.security.command.FirmwarePackage;
import org.gridwarden.security.command.FirmwareVersion;
import org.gridwarden.security.command.OrderDesk.Breaker.Done;

/**
 * What a meter runs, and the place where an image waits for an order. Whoever has the meter's keys
 * may fill that place; what is in it runs only once an operator has ordered exactly that image, its
 * maker's signature holds, it is for this model and not older than what runs (C34). Thread-safe.
 */
final class MeterFirmware implements ImageJudge {
  /** What these meters are. */
  static final String MODEL = "GW-STREET";

  /** What they run when they are made. */
  static final FirmwareVersion MADE = new FirmwareVersion(1, 0, 0);

  static final ObisCode ACTIVE = ObisCode.parse("1.0.0.2.0.255");
  static final ObisCode TRANSFER = ObisCode.parse("0.0.44.0.0.255");
  private static final String WORD = "firmware";
  private static final int BLOCK = 1_024;
  private static final int GREATEST = 8 << 20;
  private static final int BEGIN = 1;
  private static final int PUT = 2;
  private static final int VERIFY = 3;
  private static final int ACTIVATE = 4;

  private final MeterMemory memory;
  private final Function<byte[], Optional<PublicKey>> makers;
  private final ImageTransfer transfer;
  private Optional<Action.UpdateFirmware> ordered = Optional.empty();
  private String why = "";

  /**
   * @param makers whose images may run here, by the id of their key
   */
  MeterFirmware(MeterMemory memory, Function<byte[], Optional<PublicKey>> makers) {
    this.memory = memory;
    this.makers = makers;
    this.transfer = new ImageTransfer(TRANSFER, BLOCK, GREATEST, this, memory.images());
  }

  /** Where the office puts an image. */
  ImageTransfer transfer() {
    return transfer;
  }

  /** What runs, as the office reads it. */
  Data active() {
    return new Data(ACTIVE, () -> new DlmsData.VisibleString(running().toString()));
  }

  FirmwareVersion running() {
    return memory.word(WORD).map(FirmwareVersion::parse).orElse(MADE);
  }

  /**
   * Takes an image that came whole by another way than the object of images, and puts it there.
   *
   * @return false where it may not run here; the image before it stays then
   */
  synchronized boolean carried(byte[] image) {
    if (judge(image).isEmpty()) {
      return false;
    }
    boolean taken =
        does(
            BEGIN,
            DlmsData.Structure.of(
                DlmsData.OctetString.of(WORD.getBytes(StandardCharsets.US_ASCII)),
                new DlmsData.DoubleLongUnsigned(image.length)));
    for (int i = 0; taken && i * BLOCK < image.length; i++) {
      int to = Math.min(image.length, (i + 1) * BLOCK);
      taken =
          does(
              PUT,
              DlmsData.Structure.of(
                  new DlmsData.DoubleLongUnsigned(i),
                  DlmsData.OctetString.of(Arrays.copyOfRange(image, i * BLOCK, to))));
    }
    return taken;
  }

  /** Does what an operator has ordered; who calls keeps the memory. */
  synchronized Done update(Action.UpdateFirmware order) {
    why = "";
    if (transfer.status() == ImageTransfer.Status.NOT_INITIATED) {
      return refused("no image was transferred");
    }
    if (transfer.there() < transfer.blocks()) {
      return refused(
          "its image is not whole: " + transfer.there() + " of " + transfer.blocks() + " blocks");
    }
    if (!does(VERIFY)) {
      return refused(why.isEmpty() ? "its image was refused before" : why);
    }
    ordered = Optional.of(order);
    try {
      return does(ACTIVATE)
          ? new Done(CommandState.CONFIRMED, "runs " + MODEL + " " + running())
          : refused(why.isEmpty() ? "its image is active already, or was refused" : why);
    } finally {
      ordered = Optional.empty();
    }
  }

  private boolean does(int method) {
    return does(method, new DlmsData.Integer8(0));
  }

  private boolean does(int method, DlmsData with) {
    Service.Invoked answer = transfer.invoke(method, Optional.of(with));
    return answer.result().isSuccess();
  }

  private static Done refused(String why) {
    return new Done(CommandState.REFUSED, why);
  }

  // --- what may run

  @Override
  public Optional<Ready> judge(byte[] image) {
    try {
      FirmwarePackage opened = FirmwarePackage.open(image, makers);
      return unfit(opened.manifest()) ? Optional.empty() : Optional.of(new Whole(opened));
    } catch (CommandException e) {
      why = String.valueOf(e.getMessage());
      return Optional.empty();
    }
  }

  private boolean unfit(FirmwareManifest manifest) {
    if (!manifest.model().equals(MODEL)) {
      why = "the image is for " + manifest.model() + ", and this is " + MODEL;
    } else if (manifest.version().compareTo(running()) < 0) {
      why = "it runs " + running() + ": firmware never goes back to " + manifest.version();
    } else if (manifest.minimum().compareTo(running()) > 0) {
      why = "it runs " + running() + ", and the image wants " + manifest.minimum() + " or later";
    } else {
      return false;
    }
    return true;
  }

  /** An image that its maker signed for this meter. */
  private final class Whole implements Ready {
    private final FirmwarePackage image;

    Whole(FirmwarePackage image) {
      this.image = image;
    }

    @Override
    public byte[] signature() {
      byte[] signed = image.signed();
      return Arrays.copyOfRange(signed, signed.length - 64, signed.length); // r and s end it
    }

    @Override
    public boolean activate() {
      FirmwareManifest manifest = image.manifest();
      if (ordered.isEmpty()) {
        why = "nobody ordered it";
        return false;
      }
      Action.UpdateFirmware order = ordered.get();
      if (!Arrays.equals(order.sha256(), manifest.sha256())
          || !order.version().equals(manifest.version().toString())) {
        why =
            "the order is for "
                + order.version()
                + " "
                + HexFormat.of().formatHex(order.sha256(), 0, 8)
                + ", the image that was transferred is "
                + manifest.version()
                + " "
                + HexFormat.of().formatHex(manifest.sha256(), 0, 8);
        return false;
      }
      if (unfit(manifest)) {
        return false;
      }
      memory.word(WORD, manifest.version().toString());
      return true;
    }
  }
}

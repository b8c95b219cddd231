package org.gridwarden.cli.command;

import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.gridwarden.core.Action;
import org.gridwarden.core.Actor;
import org.gridwarden.core.CommandId;
import org.gridwarden.core.CommandState;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Received;
import org.gridwarden.headend.command.ChannelWay;
import org.gridwarden.headend.command.CommandOffice;
import org.gridwarden.headend.command.CommandSender;
import org.gridwarden.headend.command.Wish;
import org.gridwarden.headend.firmware.CampaignRunner;
import org.gridwarden.headend.firmware.FirmwareOffice;
import org.gridwarden.headend.firmware.ImageStock;
import org.gridwarden.security.command.CommandException;
import org.gridwarden.security.command.FirmwareManifest;
import org.gridwarden.security.command.FirmwareVersion;
import org.gridwarden.security.command.MeterReceipt;
import org.gridwarden.security.command.P256;
import org.gridwarden.security.command.Purpose;
import org.gridwarden.security.command.Signed;
import org.gridwarden.security.command.Signer;
import org.gridwarden.simulator.Street;
import org.gridwarden.store.CampaignBook;
import org.gridwarden.store.ImageProgressBook;
import org.gridwarden.store.OperatorKeys;
import org.gridwarden.store.Store;
import org.gridwarden.store.StoreSettings;
import org.gridwarden.store.StoredCommand;

/** A head-end's offices for commands and firmware over a field's channels, and their people. */
final class FirmwareOffices implements AutoCloseable {
  static final Actor OLIVIA = new Actor(Actor.Kind.PERSON, "olivia");
  private static final Actor PETER = new Actor(Actor.Kind.PERSON, "peter");
  private static final Actor SAM = new Actor(Actor.Kind.PERSON, "sam");

  final Store store;
  final CommandOffice commands;
  final FirmwareOffice firmware;
  final CampaignRunner runner;
  private final CommandField field;
  private CommandSender sender;

  FirmwareOffices(Path folder, CommandField field) {
    this.field = field;
    store = Store.open(StoreSettings.embedded(folder), field);
    store
        .unitOfWork()
        .call(tx ->
            store
                .operatorKeys()
                .add(
                    tx,
                    Signed.keyId(field.operator.getPublic()),
                    new OperatorKeys.Key("olivia", field.operator.getPublic().getEncoded()),
                    SAM));
    commands =
        new CommandOffice(
            store.unitOfWork(),
            store.commands(),
            store.policies(),
            store.protections(),
            store.operatorKeys(),
            store.meters(),
            meter -> "",
            () -> true,
            field,
            event -> {});
    firmware =
        new FirmwareOffice(
            store.unitOfWork(),
            store.firmware(),
            store.campaigns(),
            commands,
            store.meters(),
            field);
    runner =
        new CampaignRunner(
            store.unitOfWork(),
            store.firmware(),
            store.campaigns(),
            commands,
            store.meters(),
            field);
    sender = sender();
  }

  private CommandSender sender() {
    return new CommandSender(
        store.unitOfWork(),
        store.commands(),
        store.holder(),
        store.operatorKeys(),
        store.meters(),
        new ChannelWay(
            List.of(field.tcp, field.calls),
            Duration.ofSeconds(45),
            new ImageStock(store.unitOfWork(), store.firmware(), store.imageProgress(), field)),
        meter -> Optional.of(publicKey(meter)),
        () -> true,
        field,
        event -> {},
        64);
  }

  private java.security.PublicKey publicKey(MeterId meter) {
    try {
      return P256.publicKey(field.line(meter).receiptKey());
    } catch (CommandException e) {
      throw new AssertionError(e);
    }
  }

  /** The process that sends dies, and another one takes its place. */
  void another() {
    sender.close();
    sender = sender();
  }

  void register(Street street, String version) {
    for (String serial : street.serials()) {
      MeterId id = new MeterId(serial);
      store.meters().put(field.line(id).asMeter(), "");
      firmware.runs(id, Street.model(), version, OLIVIA);
    }
  }

  void maker(KeyPair key) {
    firmware.addKey(key.getPublic().getEncoded(), "a maker", SAM);
  }

  FirmwareManifest add(String version, byte[] image, KeyPair maker) throws CommandException {
    FirmwareManifest manifest =
        FirmwareManifest.of(
            Street.model(), FirmwareVersion.parse(version), FirmwareVersion.parse("1.0.0"), image);
    return firmware.add(
        image, Signed.sign(Purpose.FIRMWARE, Signer.of(maker), manifest.bytes()).bytes(), OLIVIA);
  }

  CommandId order(MeterId meter, FirmwareManifest image) throws CommandException {
    CommandId id =
        commands
            .draft(
                new Wish(
                    List.of(meter),
                    new Action.UpdateFirmware(image.version().toString(), image.sha256()),
                    "a test",
                    Optional.empty(),
                    Optional.empty()),
                OLIVIA)
            .getFirst()
            .id();
    approveAndSign(id);
    return id;
  }

  /** What people do: one approves, the other signs. */
  void approveAndSign(UUID campaign) throws CommandException {
    for (CommandId id : firmware.report(campaign).unsigned()) {
      approveAndSign(id);
    }
  }

  void approveAndSign(CommandId id) throws CommandException {
    byte[] keyId = Signed.keyId(field.operator.getPublic());
    byte[] order = commands.order(id);
    if (command(id).state() == CommandState.QUARANTINED) {
      commands.approve(id, PETER, order);
    }
    commands.sign(
        id,
        OLIVIA,
        keyId,
        Signer.of(field.operator).sign(Signed.toBeSigned(Purpose.ORDER, keyId, order)));
  }

  void round() {
    int _ = sender.round();
  }

  StoredCommand command(CommandId id) {
    return store.commands().find(id).orElseThrow();
  }

  /** What the meter signed of a command that has ended. */
  MeterReceipt receipt(CommandId id) throws CommandException {
    StoredCommand command = command(id);
    return MeterReceipt.parse(
        Signed.parse(command.receipt().orElseThrow())
            .open(Purpose.RECEIPT, publicKey(command.meter())));
  }

  Optional<ImageProgressBook.Carried> carried(CommandId id) {
    return store.imageProgress().of(id);
  }

  List<CampaignBook.Member> members(UUID campaign) {
    return store
        .unitOfWork()
        .call(tx -> store.campaigns().members(tx, campaign, Integer.MAX_VALUE));
  }

  /** Stores what the meters pushed meanwhile: by that they are heard. */
  void hear() {
    List<Received> pushes = new ArrayList<>();
    for (Received next = field.submitted.poll(); next != null; next = field.submitted.poll()) {
      pushes.add(next);
    }
    var _ = store.intake().commit(pushes);
  }

  @Override
  public void close() {
    sender.close();
    store.close();
  }
}

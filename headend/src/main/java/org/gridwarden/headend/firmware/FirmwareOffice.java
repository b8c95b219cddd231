package org.gridwarden.headend.firmware;

import java.security.PublicKey;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import org.gridwarden.core.Actor;
import org.gridwarden.core.Fault;
import org.gridwarden.core.Meter;
import org.gridwarden.core.MeterDirectory;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.UnitOfWork;
import org.gridwarden.core.Uuid7;
import org.gridwarden.headend.command.CommandFault;
import org.gridwarden.headend.command.CommandOffice;
import org.gridwarden.security.command.CommandException;
import org.gridwarden.security.command.FirmwareManifest;
import org.gridwarden.security.command.FirmwareVersion;
import org.gridwarden.security.command.P256;
import org.gridwarden.security.command.Purpose;
import org.gridwarden.security.command.Signed;
import org.gridwarden.store.CampaignBook;
import org.gridwarden.store.FirmwareBook;

/**
 * Where people's acts upon firmware happen: taking an image in, starting, stopping and resuming a
 * campaign. What a campaign does by itself is {@link CampaignRunner}'s. Thread-safe.
 */
public final class FirmwareOffice {
  private final UnitOfWork work;
  private final FirmwareBook firmware;
  private final CampaignBook campaigns;
  private final CommandOffice commands;
  private final MeterDirectory meters;
  private final InstantSource clock;

  public FirmwareOffice(
      UnitOfWork work,
      FirmwareBook firmware,
      CampaignBook campaigns,
      CommandOffice commands,
      MeterDirectory meters,
      InstantSource clock) {
    this.work = work;
    this.firmware = firmware;
    this.campaigns = campaigns;
    this.commands = commands;
    this.meters = meters;
    this.clock = clock;
  }

  /**
   * What was started.
   *
   * @param rings how many meters each ring has
   * @param leftOut why which meters of the model are in none, one line each, 100 at most
   */
  public record Started(UUID id, List<Integer> rings, List<String> leftOut) {}

  /**
   * From now on a maker's signatures on images are taken.
   *
   * @param spki its public key on P-256 (SubjectPublicKeyInfo, DER)
   * @return the key's id in hex
   * @throws CommandFault where it is no such key, or is there already
   */
  public String addKey(byte[] spki, String name, Actor by) {
    PublicKey key;
    try {
      key = P256.publicKey(spki);
    } catch (CommandException e) {
      throw new CommandFault(Fault.Code.MALFORMED, "key", String.valueOf(e.getMessage()));
    }
    if (name.isBlank() || name.length() > 100) {
      throw new CommandFault(Fault.Code.MALFORMED, "name", "say whose key it is");
    }
    byte[] id = Signed.keyId(key);
    if (!work.call(tx -> firmware.addKey(tx, id, spki, name, by))) {
      throw new CommandFault(Fault.Code.CONFLICT, "key", "it is known, or was revoked");
    }
    return HexFormat.of().formatHex(id);
  }

  /**
   * Takes an image in.
   *
   * @param signed its manifest under its maker's signature, COSE_Sign1
   * @return the manifest
   * @throws CommandFault where the signature is not a known maker's, the image is not the one that
   *     was signed, or the version is there already
   */
  public FirmwareManifest add(byte[] image, byte[] signed, Actor by) {
    FirmwareManifest manifest;
    try {
      Signed envelope = Signed.parse(signed);
      byte[] spki =
          firmware
              .key(envelope.keyId())
              .orElseThrow(() ->
                  new CommandFault(
                      Fault.Code.UNAUTHENTICATED,
                      "signature",
                      "no maker's key "
                          + HexFormat.of().formatHex(envelope.keyId())
                          + " is known: have a security administrator add it"));
      manifest = FirmwareManifest.parse(envelope.open(Purpose.FIRMWARE, P256.publicKey(spki)));
      manifest.check(image);
    } catch (CommandException e) {
      throw new CommandFault(Fault.Code.UNAUTHENTICATED, "image", String.valueOf(e.getMessage()));
    }
    FirmwareBook.Image row =
        new FirmwareBook.Image(
            manifest.sha256(),
            manifest.model(),
            manifest.version().toString(),
            signed,
            clock.instant(),
            by.name());
    if (!work.call(tx -> firmware.add(tx, row, image, by))) {
      throw new CommandFault(
          Fault.Code.CONFLICT,
          "image",
          manifest + " is there already; a version is one image and is never exchanged");
    }
    return manifest;
  }

  /**
   * What a campaign would do.
   *
   * @param manifest of its image
   * @param rings which meters are in which
   * @param leftOut which are not, and why
   */
  public record Planned(
      FirmwareManifest manifest, List<List<MeterId>> rings, List<String> leftOut) {}

  /**
   * Starts a campaign: settles which meter is in which ring. Meters that run the version or a later
   * one, that are too old for it, are not in service, or are in another campaign, are left out.
   *
   * @throws CommandFault where there is no such image, no reason, or no meter to update
   */
  public Started start(String model, String version, CampaignPlan plan, String reason, Actor by) {
    if (reason.isBlank() || reason.length() > 300) {
      throw new CommandFault(
          Fault.Code.MALFORMED, "reason", "say why, in 1 to 300 characters: it stands in the log");
    }
    UUID id = UUID.randomUUID();
    Planned planned = plan(id, model, version, plan);
    FirmwareManifest manifest = planned.manifest();
    Instant now = clock.instant();
    CampaignBook.Campaign campaign =
        new CampaignBook.Campaign(
            id,
            manifest.sha256(),
            model,
            version,
            0,
            CampaignBook.State.RUNNING,
            "the canaries' turn",
            plan.text(),
            reason,
            by.name(),
            now,
            now);
    return work.call(tx -> {
      campaigns.start(tx, campaign, planned.rings(), by);
      return new Started(
          id,
          planned.rings().stream().map(List::size).toList(),
          planned.leftOut().stream().limit(100).toList());
    });
  }

  /**
   * What a campaign would do, without starting it.
   *
   * @throws CommandFault where there is no such image, or no meter to update
   */
  public Planned plan(String model, String version, CampaignPlan plan) {
    Planned planned = plan(UUID.randomUUID(), model, version, plan);
    return new Planned(
        planned.manifest(), planned.rings(), planned.leftOut().stream().limit(100).toList());
  }

  private Planned plan(UUID id, String model, String version, CampaignPlan plan) {
    FirmwareBook.Image image =
        firmware
            .image(model, version)
            .orElseThrow(() ->
                new CommandFault(
                    Fault.Code.CONFLICT,
                    "version",
                    "there is no image of " + model + " " + version + ": add it first"));
    FirmwareManifest manifest = manifest(image);
    Set<MeterId> busy = new HashSet<>(campaigns.busy());
    List<MeterId> members = new ArrayList<>();
    List<String> leftOut = new ArrayList<>();
    for (FirmwareBook.Running running : firmware.fleet(model)) {
      String why =
          busy.contains(running.meter()) ? "is in another campaign" : unfit(running, manifest);
      if (why.isEmpty()) {
        members.add(running.meter());
      } else {
        leftOut.add(running.meter().value() + " " + why);
      }
    }
    if (members.isEmpty()) {
      throw new CommandFault(
          Fault.Code.CONFLICT,
          "meters",
          leftOut.isEmpty()
              ? "no meter of model " + model + " is known: say which meters are"
              : "none of the "
                  + leftOut.size()
                  + " meters of the model is to be updated: "
                  + leftOut.getFirst());
    }
    // which meters go first is not the fleet's order: canaries are to be of all kinds
    members.sort(java.util.Comparator.comparing(m -> Uuid7.nameOnly(id + m.value())));
    List<List<MeterId>> rings = new ArrayList<>();
    int from = 0;
    for (int size : plan.sizes(members.size())) {
      rings.add(List.copyOf(members.subList(from, from + size)));
      from += size;
    }
    return new Planned(manifest, rings, leftOut);
  }

  /** Why a meter is not to be updated; empty where it is. */
  private String unfit(FirmwareBook.Running running, FirmwareManifest manifest) {
    boolean active =
        meters.byId(running.meter()).filter(m -> m.state() == Meter.State.ACTIVE).isPresent();
    if (!active) {
      return "is not in service";
    }
    return rollback(running.version(), manifest);
  }

  /** Why a meter that runs a version may not have this one; empty where it may. */
  static String rollback(String running, FirmwareManifest manifest) {
    FirmwareVersion version;
    try {
      version = FirmwareVersion.parse(running);
    } catch (IllegalArgumentException e) {
      return "runs '" + running + "', which is no version to compare with";
    }
    if (version.compareTo(manifest.version()) >= 0) {
      return "runs " + version + ": firmware never goes back";
    }
    return version.compareTo(manifest.minimum()) < 0
        ? "runs " + version + ", and this wants " + manifest.minimum() + " or later"
        : "";
  }

  /**
   * Stops a campaign: no further update is drafted, and those that were not sent yet are refused.
   *
   * @throws CommandFault where it does not run
   */
  public void stop(UUID id, String why, Actor by) {
    needWords(why);
    work.call(tx -> {
      CampaignBook.Campaign campaign = expect(campaigns.hold(tx, id), CampaignBook.State.RUNNING);
      campaigns.move(tx, id, campaign.ring(), CampaignBook.State.STOPPED, why, by);
      return id;
    });
    withdraw(commands, work.call(tx -> campaigns.members(tx, id, Integer.MAX_VALUE)), by);
  }

  /**
   * Refuses the updates that were not sent yet. Not within a transaction that has to do with them:
   * each refusal is one of its own.
   */
  static void withdraw(CommandOffice commands, List<CampaignBook.Member> members, Actor by) {
    for (CampaignBook.Member member : members) {
      if (member.sent().isEmpty()
          && member.state().filter(s -> !s.isEnd()).isPresent()
          && member.command().isPresent()) {
        try {
          commands.refuse(member.command().get(), by, "its firmware campaign stopped");
        } catch (CommandFault e) {
          // it was sent at this very moment: what becomes of it is seen
        }
      }
    }
  }

  /**
   * A person says to go on: the meters that were lost so far are excused, and stop it no more;
   * updates that were refused when it stopped are drafted anew.
   *
   * @throws CommandFault where it is not stopped
   */
  public void resume(UUID id, String why, Actor by) {
    needWords(why);
    if (by.kind() != Actor.Kind.PERSON) {
      throw new CommandFault(Fault.Code.FORBIDDEN, "campaign", "only a person lets it go on");
    }
    work.call(tx -> {
      CampaignBook.Campaign campaign = expect(campaigns.hold(tx, id), CampaignBook.State.STOPPED);
      CampaignPlan plan = CampaignPlan.parse(campaign.plan());
      Instant now = clock.instant();
      List<MeterId> lost =
          campaigns.members(tx, id, campaign.ring()).stream()
              .filter(m -> Fate.of(m, campaign.version(), plan, now) instanceof Fate.Lost)
              .map(CampaignBook.Member::meter)
              .toList();
      campaigns.excuse(tx, id, lost);
      campaigns.reopen(tx, id);
      campaigns.move(
          tx,
          id,
          campaign.ring(),
          CampaignBook.State.RUNNING,
          why + (lost.isEmpty() ? "" : " (" + lost.size() + " lost meters excused)"),
          by);
      return id;
    });
  }

  /** How it goes with a campaign's meters, in words: how many are how, ring by ring. */
  public CampaignReport report(UUID id) {
    CampaignBook.Campaign campaign = campaigns.find(id).orElseThrow(FirmwareOffice::unknown);
    List<CampaignBook.Member> members =
        work.call(tx -> campaigns.members(tx, id, Integer.MAX_VALUE));
    return CampaignReport.of(campaign, members, clock.instant());
  }

  /** Notes what a meter runs, as its inventory says. */
  public void runs(MeterId meter, String model, String version, Actor by) {
    try {
      var _ = FirmwareVersion.parse(version);
    } catch (IllegalArgumentException e) {
      throw new CommandFault(Fault.Code.MALFORMED, "version", String.valueOf(e.getMessage()));
    }
    if (model.isBlank() || model.length() > 32) {
      throw new CommandFault(Fault.Code.MALFORMED, "model", "a model has 1 to 32 characters");
    }
    FirmwareBook.Running running =
        new FirmwareBook.Running(meter, model, version, clock.instant(), "said by " + by.name());
    work.call(tx -> {
      firmware.runs(tx, running);
      return running;
    });
  }

  private FirmwareManifest manifest(FirmwareBook.Image image) {
    return manifest(firmware, image);
  }

  /**
   * The manifest of a stored image, its signature checked again: the table may have been edited.
   */
  static FirmwareManifest manifest(FirmwareBook firmware, FirmwareBook.Image image) {
    try {
      Signed signed = Signed.parse(image.signed());
      byte[] spki =
          firmware
              .key(signed.keyId())
              .orElseThrow(() -> new CommandException("its maker's key was revoked"));
      FirmwareManifest manifest =
          FirmwareManifest.parse(signed.open(Purpose.FIRMWARE, P256.publicKey(spki)));
      if (!manifest.model().equals(image.model())
          || !manifest.version().toString().equals(image.version())
          || !java.util.Arrays.equals(manifest.sha256(), image.sha256())) {
        throw new CommandException("what stands in the database is not what was signed");
      }
      return manifest;
    } catch (CommandException e) {
      throw new CommandFault(
          Fault.Code.UNAUTHENTICATED,
          "image " + image.model() + " " + image.version(),
          String.valueOf(e.getMessage()));
    }
  }

  private static CampaignBook.Campaign expect(
      java.util.Optional<CampaignBook.Campaign> held, CampaignBook.State state) {
    CampaignBook.Campaign campaign = held.orElseThrow(FirmwareOffice::unknown);
    if (campaign.state() != state) {
      throw new CommandFault(
          Fault.Code.CONFLICT,
          "campaign",
          "it is " + campaign.state().name().toLowerCase(Locale.ROOT) + " already");
    }
    return campaign;
  }

  private static CommandFault unknown() {
    return new CommandFault(Fault.Code.CONFLICT, "campaign", "there is no such campaign");
  }

  private static void needWords(String why) {
    if (why.isBlank() || why.length() > 500) {
      throw new CommandFault(
          Fault.Code.MALFORMED, "reason", "say why, in 1 to 500 characters: it stands in the log");
    }
  }
}

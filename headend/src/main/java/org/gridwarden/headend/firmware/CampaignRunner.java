package org.gridwarden.headend.firmware;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.gridwarden.core.Action;
import org.gridwarden.core.Actor;
import org.gridwarden.core.CommandState;
import org.gridwarden.core.Fault;
import org.gridwarden.core.MeterDirectory;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Tx;
import org.gridwarden.core.UnitOfWork;
import org.gridwarden.headend.command.CommandFault;
import org.gridwarden.headend.command.CommandOffice;
import org.gridwarden.headend.command.Wish;
import org.gridwarden.security.command.FirmwareManifest;
import org.gridwarden.store.CampaignBook;
import org.gridwarden.store.FirmwareBook;
import org.gridwarden.store.StoredCommand;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes running campaigns on: drafts the released ring's updates in the name of who started it,
 * looks how the updated meters are, and releases the next ring or stops. It signs nothing: each
 * update waits for a second person and for its operator's signature. What it knows stands in the
 * database; a process that dies in between drafts nothing twice. Thread-safe; where several
 * processes run, one at a time goes on with a campaign.
 */
public final class CampaignRunner {
  private static final Logger LOG = LoggerFactory.getLogger(CampaignRunner.class);
  private static final Actor RUNNER = Actor.system("firmware");

  /** So many updates are drafted in one look. */
  private static final int AT_ONCE = 500;

  private final UnitOfWork work;
  private final FirmwareBook firmware;
  private final CampaignBook campaigns;
  private final CommandOffice commands;
  private final MeterDirectory meters;
  private final InstantSource clock;

  public CampaignRunner(
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

  /** Looks after each running campaign once. */
  public void look() {
    for (CampaignBook.Campaign campaign : campaigns.all()) {
      if (campaign.state() == CampaignBook.State.RUNNING) {
        work.call(tx -> {
          campaigns
              .holdUnlessHeld(tx, campaign.id())
              .filter(held -> held.state() == CampaignBook.State.RUNNING)
              .ifPresent(held -> goOn(tx, held));
          return campaign;
        });
      }
    }
    // after the commit, and at each look: whoever died in between has left something
    for (CampaignBook.Campaign campaign : campaigns.all()) {
      if (campaign.state() == CampaignBook.State.STOPPED) {
        FirmwareOffice.withdraw(
            commands,
            work.call(tx -> campaigns.members(tx, campaign.id(), campaign.ring())),
            RUNNER);
      }
    }
  }

  private void goOn(Tx tx, CampaignBook.Campaign campaign) {
    FirmwareManifest manifest;
    try {
      FirmwareBook.Image image =
          firmware
              .image(campaign.model(), campaign.version())
              .orElseThrow(() ->
                  new CommandFault(Fault.Code.CONFLICT, "image", "it is gone from the database"));
      manifest = FirmwareOffice.manifest(firmware, image);
    } catch (CommandFault e) {
      stop(tx, campaign, String.valueOf(e.getMessage()));
      return;
    }
    campaigns.adopt(tx, campaign.id(), words(campaign.id(), campaign.reason()));
    List<CampaignBook.Member> members = campaigns.members(tx, campaign.id(), campaign.ring());
    boolean drafted = draft(tx, campaign, manifest, members);
    noteReceipts(tx, campaign, members);
    if (drafted) {
      return; // how they are is seen at the next look
    }
    CampaignPlan plan = CampaignPlan.parse(campaign.plan());
    Instant now = clock.instant();
    List<Decision.Seen> seen =
        campaigns.members(tx, campaign.id(), campaign.ring()).stream()
            .map(m ->
                new Decision.Seen(m.meter(), m.ring(), Fate.of(m, campaign.version(), plan, now)))
            .toList();
    int rings = campaigns.sizes(campaign.id()).size();
    switch (Decision.of(plan, campaign.ring(), rings, seen, now)) {
      case Decision.Wait _ -> {}
      case Decision.Stop s -> stop(tx, campaign, s.why());
      case Decision.Release r ->
          campaigns.move(
              tx,
              campaign.id(),
              r.ring(),
              CampaignBook.State.RUNNING,
              "ring " + campaign.ring() + " runs well",
              RUNNER);
      case Decision.Done _ ->
          campaigns.move(
              tx,
              campaign.id(),
              campaign.ring(),
              CampaignBook.State.DONE,
              "every ring runs well",
              RUNNER);
    }
  }

  private void stop(Tx tx, CampaignBook.Campaign campaign, String why) {
    LOG.warn("firmware campaign {} stops: {}", campaign.id(), why);
    campaigns.move(tx, campaign.id(), campaign.ring(), CampaignBook.State.STOPPED, why, RUNNER);
  }

  /** Drafts what the released rings want and have not. Returns whether there was something. */
  private boolean draft(
      Tx tx,
      CampaignBook.Campaign campaign,
      FirmwareManifest manifest,
      List<CampaignBook.Member> members) {
    List<CampaignBook.Member> due =
        members.stream()
            .filter(m -> m.command().isEmpty() && m.skipped().isEmpty() && !m.excused())
            .limit(AT_ONCE)
            .toList();
    List<MeterId> fit = new ArrayList<>();
    for (CampaignBook.Member member : due) {
      String unfit =
          meters.byId(member.meter()).isEmpty()
              ? "is not known any more"
              : FirmwareOffice.rollback(member.runs(), manifest);
      if (unfit.isEmpty()) {
        fit.add(member.meter());
      } else {
        campaigns.skip(tx, campaign.id(), member.meter(), unfit);
      }
    }
    if (!fit.isEmpty()) {
      CampaignPlan plan = CampaignPlan.parse(campaign.plan());
      Wish wish =
          new Wish(
              fit,
              new Action.UpdateFirmware(campaign.version(), manifest.sha256()),
              words(campaign.id(), campaign.reason()),
              Optional.empty(),
              Optional.of(clock.instant().plus(plan.validity())));
      try {
        for (StoredCommand command :
            commands.draft(wish, new Actor(Actor.Kind.PERSON, campaign.startedBy()))) {
          campaigns.drafted(tx, campaign.id(), command.meter(), command.id());
        }
      } catch (CommandFault f) {
        LOG.warn("firmware campaign {} waits: {}", campaign.id(), f.getMessage());
      }
    }
    return !due.isEmpty();
  }

  /** A meter that has signed that its update is done runs the new version, from then on. */
  private void noteReceipts(
      Tx tx, CampaignBook.Campaign campaign, List<CampaignBook.Member> members) {
    for (CampaignBook.Member member : members) {
      if (member.state().filter(s -> s == CommandState.CONFIRMED).isPresent()
          && !member.runs().equals(campaign.version())) {
        firmware.runs(
            tx,
            new FirmwareBook.Running(
                member.meter(),
                campaign.model(),
                campaign.version(),
                member.ended().orElseThrow(),
                "its receipt"));
      }
    }
  }

  /** The reason that a campaign's commands bear: by it they are found again after a crash. */
  static String words(UUID campaign, String reason) {
    return "firmware campaign " + campaign + ": " + reason;
  }
}

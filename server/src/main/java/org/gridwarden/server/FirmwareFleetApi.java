package org.gridwarden.server;

import java.util.List;
import org.gridwarden.headend.firmware.CampaignPlan;
import org.gridwarden.headend.firmware.FirmwareOffice;
import org.gridwarden.security.command.FirmwareVersion;
import org.gridwarden.store.FirmwareInventory;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** What the fleet runs, whose images are taken, and what a campaign would do. */
@RestController
@RequestMapping("/api/v1/firmware")
class FirmwareFleetApi {
  private final Office office;

  FirmwareFleetApi(Office office) {
    this.office = office;
  }

  /** How many meters of a model run a version. */
  record CountView(String model, String version, long meters) {}

  /**
   * A maker of images.
   *
   * @param revoked null while its key is in force
   */
  record MakerView(
      String keyId, String name, String added, String addedBy, @Nullable String revoked) {
    static MakerView of(FirmwareInventory.Maker maker) {
      return new MakerView(
          maker.keyId(),
          maker.name(),
          maker.added().toString(),
          maker.addedBy(),
          maker.revoked().map(Object::toString).orElse(null));
    }
  }

  /**
   * What a campaign would do.
   *
   * @param plan all of its parts, a line 'key = value' for each
   * @param rings how many meters each ring has
   * @param leftOut which meters are not updated, and why; the first hundred
   */
  record PlannedView(String plan, List<Integer> rings, List<String> leftOut) {}

  @GetMapping("/inventory")
  ReadingApi.Items<CountView> inventory() {
    List<FirmwareInventory.Count> counts = office.store().firmwareInventory().counts();
    return new ReadingApi.Items<>(
        counts.stream()
            .sorted(FirmwareFleetApi::newestFirst)
            .map(c -> new CountView(c.model(), c.version(), c.meters()))
            .toList());
  }

  private static int newestFirst(FirmwareInventory.Count a, FirmwareInventory.Count b) {
    int byModel = a.model().compareTo(b.model());
    return byModel != 0
        ? byModel
        : FirmwareVersion.parse(b.version()).compareTo(FirmwareVersion.parse(a.version()));
  }

  @GetMapping("/keys")
  ReadingApi.Items<MakerView> makers() {
    return new ReadingApi.Items<>(
        office.store().firmwareInventory().makers().stream().map(MakerView::of).toList());
  }

  /** Says what a campaign would do, and starts none. */
  @PostMapping("/campaigns/plan")
  PlannedView plan(@RequestBody FirmwareApi.NewCampaign fresh) {
    CampaignPlan plan = FirmwareApi.plan(fresh);
    FirmwareOffice.Planned planned =
        office
            .firmware()
            .plan(
                Requests.needed("model", fresh.model()),
                Requests.needed("version", fresh.version()),
                plan);
    return new PlannedView(
        plan.text(), planned.rings().stream().map(List::size).toList(), planned.leftOut());
  }
}

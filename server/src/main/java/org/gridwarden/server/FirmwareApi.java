package org.gridwarden.server;

import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.gridwarden.headend.firmware.CampaignPlan;
import org.gridwarden.headend.firmware.CampaignReport;
import org.gridwarden.headend.firmware.FirmwareOffice;
import org.gridwarden.security.command.FirmwareManifest;
import org.gridwarden.store.CampaignBook;
import org.gridwarden.store.FirmwareBook;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Firmware: makers' keys, signed images, what meters run, and campaigns (C34). */
@RestController
@RequestMapping("/api/v1")
class FirmwareApi {
  private final Office office;
  private final GridwardenConfig config;

  FirmwareApi(Office office, GridwardenConfig config) {
    this.office = office;
    this.config = config;
  }

  /** A maker's public key on P-256: SubjectPublicKeyInfo, base64. */
  record NewMaker(@Nullable String spki, @Nullable String name) {}

  /** A key's id, hexadecimal digits. */
  record Maker(String keyId) {}

  /** An image. */
  record ImageView(String model, String version, String sha256, String added, String addedBy) {
    static ImageView of(FirmwareBook.Image image) {
      return new ImageView(
          image.model(),
          image.version(),
          HexFormat.of().formatHex(image.sha256()),
          image.added().toString(),
          image.addedBy());
    }
  }

  /** What was signed of an image. */
  record ManifestView(String model, String version, String minimum, int size, String sha256) {
    static ManifestView of(FirmwareManifest manifest) {
      return new ManifestView(
          manifest.model(),
          manifest.version().toString(),
          manifest.minimum().toString(),
          manifest.size(),
          HexFormat.of().formatHex(manifest.sha256()));
    }
  }

  /** What a meter runs. */
  record NewRunning(@Nullable String model, @Nullable String version) {}

  /**
   * What a meter runs.
   *
   * @param at since when that is known
   * @param source from where
   */
  record RunningView(String model, String version, String at, String source) {}

  /**
   * A campaign to be started.
   *
   * @param plan a line 'key = value' for each part; null for the usual one
   */
  record NewCampaign(
      @Nullable String model,
      @Nullable String version,
      @Nullable String plan,
      @Nullable String reason) {}

  /** What was started. */
  record StartedView(String id, List<Integer> rings, List<String> leftOut) {}

  /** Why. */
  record Reason(@Nullable String reason) {}

  /** A campaign. */
  record CampaignView(
      String id,
      String model,
      String version,
      CampaignBook.State state,
      String why,
      int ring,
      String plan,
      String reason,
      String startedBy,
      String started,
      String changed) {
    static CampaignView of(CampaignBook.Campaign campaign) {
      return new CampaignView(
          campaign.id().toString(),
          campaign.model(),
          campaign.version(),
          campaign.state(),
          campaign.why(),
          campaign.ring(),
          campaign.plan(),
          campaign.reason(),
          campaign.startedBy(),
          campaign.started().toString(),
          campaign.changed().toString());
    }
  }

  /**
   * How a campaign stands.
   *
   * @param unsigned the updates that wait for a second person or their operator's signature
   * @param lost meters that were lost, and why
   */
  record ReportView(
      CampaignView campaign,
      List<CampaignReport.Ring> rings,
      List<String> unsigned,
      Map<String, String> lost) {
    static ReportView of(CampaignReport report) {
      Map<String, String> lost = new TreeMap<>();
      report.lost().forEach((meter, why) -> lost.put(meter.value(), why));
      return new ReportView(
          CampaignView.of(report.campaign()),
          report.rings(),
          report.unsigned().stream().map(id -> id.value().toString()).toList(),
          lost);
    }
  }

  @PostMapping("/firmware/keys")
  @ResponseStatus(HttpStatus.CREATED)
  Maker addKey(@RequestBody NewMaker maker) {
    byte[] spki = CommandApi.base64("spki", maker.spki());
    return new Maker(firmware().addKey(spki, Requests.needed("name", maker.name()), Audit.actor()));
  }

  @GetMapping("/firmware/images")
  ReadingApi.Items<ImageView> images() {
    return new ReadingApi.Items<>(
        office.store().firmware().images().stream().map(ImageView::of).toList());
  }

  /** The image is the body; its signed manifest stands beside it. */
  @io.swagger.v3.oas.annotations.parameters.RequestBody(
      required = true,
      content =
          @Content(
              mediaType = MediaType.APPLICATION_OCTET_STREAM_VALUE,
              schema = @Schema(type = "string", format = "binary")))
  @PostMapping("/firmware/images")
  @ResponseStatus(HttpStatus.CREATED)
  ManifestView addImage(
      @RequestParam(defaultValue = "") String signature, HttpServletRequest request)
      throws IOException {
    byte[] signed = CommandApi.base64("signature", signature.replace('-', '+').replace('_', '/'));
    long most = Math.min(config.console().maxImport(), FirmwareManifest.LARGEST);
    byte[] image;
    try (InputStream body = new LimitedBody(request.getInputStream(), most)) {
      image = body.readAllBytes();
    } catch (LimitedBody.TooLargeException e) {
      throw FaultException.tooLarge(
          "body", "an image has at most " + most + " bytes: raise console.maxImport");
    }
    return ManifestView.of(firmware().add(image, signed, Audit.actor()));
  }

  @GetMapping("/meters/{id}/firmware")
  RunningView runs(@PathVariable String id) {
    FirmwareBook.Running running =
        office
            .store()
            .firmware()
            .running(office.known(id).id())
            .orElseThrow(
                () -> FaultException.notFound("firmware", "nobody said what this meter runs"));
    return new RunningView(
        running.model(), running.version(), running.at().toString(), running.source());
  }

  @PutMapping("/meters/{id}/firmware")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void say(@PathVariable String id, @RequestBody NewRunning running) {
    firmware()
        .runs(
            office.known(id).id(),
            Requests.needed("model", running.model()),
            Requests.needed("version", running.version()),
            Audit.actor());
  }

  @GetMapping("/firmware/campaigns")
  ReadingApi.Items<CampaignView> campaigns() {
    return new ReadingApi.Items<>(
        office.store().campaigns().all().stream().map(CampaignView::of).toList());
  }

  @GetMapping("/firmware/campaigns/{id}")
  ReportView campaign(@PathVariable String id) {
    return ReportView.of(firmware().report(known(id)));
  }

  @PostMapping("/firmware/campaigns")
  @ResponseStatus(HttpStatus.CREATED)
  StartedView start(@RequestBody NewCampaign fresh) {
    CampaignPlan plan = plan(fresh);
    FirmwareOffice.Started started =
        firmware()
            .start(
                Requests.needed("model", fresh.model()),
                Requests.needed("version", fresh.version()),
                plan,
                Requests.needed("reason", fresh.reason()),
                Audit.actor());
    return new StartedView(started.id().toString(), started.rings(), started.leftOut());
  }

  static CampaignPlan plan(NewCampaign fresh) {
    try {
      return CampaignPlan.parse(fresh.plan() == null ? "" : fresh.plan());
    } catch (IllegalArgumentException e) {
      throw Requests.wrong("plan", String.valueOf(e.getMessage()));
    }
  }

  @PostMapping("/firmware/campaigns/{id}/stop")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void stop(@PathVariable String id, @RequestBody Reason why) {
    firmware().stop(known(id), Requests.needed("reason", why.reason()), Audit.actor());
  }

  @PostMapping("/firmware/campaigns/{id}/resume")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void resume(@PathVariable String id, @RequestBody Reason why) {
    firmware().resume(known(id), Requests.needed("reason", why.reason()), Audit.actor());
  }

  private FirmwareOffice firmware() {
    return office.firmware();
  }

  private UUID known(String id) {
    try {
      if (id.length() == 36) {
        UUID campaign = UUID.fromString(id);
        if (office.store().campaigns().find(campaign).isPresent()) {
          return campaign;
        }
      }
    } catch (IllegalArgumentException e) {
      // said below
    }
    throw FaultException.notFound("campaign", "there is no such campaign: its id is a UUID");
  }
}

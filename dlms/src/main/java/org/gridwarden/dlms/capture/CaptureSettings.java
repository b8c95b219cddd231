package org.gridwarden.dlms.capture;

import java.util.Optional;
import org.gridwarden.dlms.DlmsKeys;
import org.gridwarden.dlms.MeterProfile;
import org.gridwarden.dlms.PushLayouts;

/**
 * With what a capture is read. What a conversation itself says, system titles and dedicated keys,
 * goes before what is given here.
 *
 * @param keys the meter's, where known; not closed
 * @param meterTitle the meter's system title, 8 bytes, or of length 0
 * @param clientTitle the client's, likewise
 * @param layouts of pushes
 * @param profile the meter's habits
 */
@SuppressWarnings("ArrayRecordComponent") // copied in and out
public record CaptureSettings(
    Optional<DlmsKeys> keys,
    byte[] meterTitle,
    byte[] clientTitle,
    PushLayouts layouts,
    MeterProfile profile) {
  public CaptureSettings {
    meterTitle = meterTitle.clone();
    clientTitle = clientTitle.clone();
  }

  @Override
  public byte[] meterTitle() {
    return meterTitle.clone();
  }

  @Override
  public byte[] clientTitle() {
    return clientTitle.clone();
  }

  @Override
  public String toString() {
    return "CaptureSettings[" + profile.name() + "]";
  }
}

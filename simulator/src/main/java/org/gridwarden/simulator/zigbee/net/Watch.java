package org.gridwarden.simulator.zigbee.net;

/** What a node has refused, as it counts it. On the model's thread only. */
public final class Watch {
  private long forged;
  private long replayed;
  private long unsecured;
  private long apsForged;
  private long apsReplayed;
  private long noWay;

  void forged() {
    forged++;
  }

  void replayed() {
    replayed++;
  }

  void unsecured() {
    unsecured++;
  }

  void apsForged() {
    apsForged++;
  }

  void apsReplayed() {
    apsReplayed++;
  }

  void noWay() {
    noWay++;
  }

  /** Network frames whose tag was wrong, or under another key. */
  public long forgedFrames() {
    return forged;
  }

  /** Network frames whose counter was not new. */
  public long replayedFrames() {
    return replayed;
  }

  /** Frames without security where there must be some. */
  public long unsecuredFrames() {
    return unsecured;
  }

  /** Application frames whose tag was wrong under the link key. */
  public long apsForgedFrames() {
    return apsForged;
  }

  /** Application frames whose counter under the link key was not new. */
  public long apsReplayedFrames() {
    return apsReplayed;
  }

  /** Frames for which no way was known. */
  public long strandedFrames() {
    return noWay;
  }
}

package org.gridwarden.cli;

/** Closes its memory and says whether that held; in a process of its own. */
final class MemoryProbe {
  private MemoryProbe() {}

  public static void main(String[] args) {
    System.out.println(ManagementDoor.closeMemory() ? "closed" : "open");
  }
}

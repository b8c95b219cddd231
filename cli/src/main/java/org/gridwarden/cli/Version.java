package org.gridwarden.cli;

import java.util.Objects;
import picocli.CommandLine.IVersionProvider;

/** Says which version this is, from the archive's manifest. */
final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    String version = Gridwarden.class.getPackage().getImplementationVersion();
    return new String[] {"Gridwarden " + Objects.requireNonNullElse(version, "(not packaged)")};
  }
}

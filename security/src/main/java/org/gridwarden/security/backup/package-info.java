/**
 * What backups are enciphered and vouched for with: a key pair whose private half stays away from
 * the machine that writes them, a key of its own for each run, names that only the office can
 * reckon.
 */
@NullMarked
package org.gridwarden.security.backup;

import org.jspecify.annotations.NullMarked;

/**
 * Dumps: their headers and how they are restored.
 */
@NullMarked
package io.appdbs.restore.dump;

import org.jspecify.annotations.NullMarked;

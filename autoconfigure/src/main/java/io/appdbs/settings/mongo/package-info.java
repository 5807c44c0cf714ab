/**
 * Settings of MongoDB databases.
 */
@NullMarked
package io.appdbs.settings.mongo;

import org.jspecify.annotations.NullMarked;

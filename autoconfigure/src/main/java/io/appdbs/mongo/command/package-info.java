/**
 * Listeners for the commands of MongoDB clients, and the texts of commands without
 * values.
 */
@NullMarked
package io.appdbs.mongo.command;

import org.jspecify.annotations.NullMarked;

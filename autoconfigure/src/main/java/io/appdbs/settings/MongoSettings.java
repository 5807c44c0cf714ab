package io.appdbs.settings;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings that only MongoDB databases have. A value that is not set and has no default
 * is {@code null}.
 *
 * @param reactive Whether the database also has the reactive beans, with a client and a
 * pool of their own.
 * @param readPreference Servers that reads use, such as 'primary', 'secondary-preferred'
 * or 'nearest'.
 * @param readConcern Read concern, such as 'local', 'majority' or 'snapshot'.
 * @param writeConcern Write concern: 'majority', a number of servers, or a tag set of the
 * deployment.
 * @param indexes Indexes of the entities.
 * @param validators Validators from the entities.
 * @param migrations Migrations by MongoMigration beans and files with commands.
 */
public record MongoSettings(boolean reactive, @Nullable String readPreference, @Nullable String readConcern,
		@Nullable String writeConcern, @DefaultValue @NestedConfigurationProperty MongoIndexSettings indexes,
		@DefaultValue @NestedConfigurationProperty MongoValidatorSettings validators,
		@DefaultValue @NestedConfigurationProperty MongoMigrationSettings migrations) {

}

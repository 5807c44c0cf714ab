package io.appdbs.repositories.strict;

import org.springframework.data.repository.CrudRepository;

interface StoredItemRepository extends CrudRepository<StoredItem, String> {

}

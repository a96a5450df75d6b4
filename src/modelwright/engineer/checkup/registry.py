"""The items of a checkup in their order."""

from modelwright.engineer.checkup.base import Item
from modelwright.engineer.checkup.certificate import check_certificate
from modelwright.engineer.checkup.contract import check_contract
from modelwright.engineer.checkup.dependencies import check_dependencies
from modelwright.engineer.checkup.disk import check_disk
from modelwright.engineer.checkup.labels import check_labels
from modelwright.engineer.checkup.model import check_model
from modelwright.engineer.checkup.rows import check_rows
from modelwright.engineer.checkup.server import check_server

ITEMS: dict[str, Item] = {
    "model": check_model,
    "rows": check_rows,
    "labels": check_labels,
    "contract": check_contract,
    "server": check_server,
    "certificate": check_certificate,
    "disk": check_disk,
    "dependencies": check_dependencies,
}
"""Every item by the name that a person sees."""

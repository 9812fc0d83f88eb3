"""XLSForm, the workbook of ODK and KoboToolbox: written from a questionnaire and read into one."""

from surveyor.questionnaire.xlsform.read import read_xlsform, read_xlsform_with_remarks
from surveyor.questionnaire.xlsform.write import write_xlsform

__all__ = ["read_xlsform", "read_xlsform_with_remarks", "write_xlsform"]

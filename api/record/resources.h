// Resources of attachments and of what users wrote.
#pragma once

#include "api/call.h"

namespace mishap {

// attachment_resource.cc
Answer ListEventAttachments(ApiCall& call);
Answer GetEventAttachment(ApiCall& call);  // facts, or with download= the bytes
Answer DeleteEventAttachment(ApiCall& call);
Answer ListAttachmentsOfIssue(ApiCall& call);
// user_report_resource.cc
Answer ListUserReportsOfIssue(ApiCall& call);
Answer ListUserReportsOfProject(ApiCall& call);
Answer PostUserReport(ApiCall& call);

}  // namespace mishap
